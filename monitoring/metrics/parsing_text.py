"""A push, or the page of an exporter, in Prometheus' text format.

Plain lines are read here, ten times faster than by the client library; what is odd about a line the library judges.
"""

import re
from functools import lru_cache
from importlib import import_module

from monitoring.metrics.parsing_buckets import gathered
from monitoring.metrics.samples import BadPush, Labels, Sample, Window, check_names, check_value
from monitoring.metrics.states import Kind

_HEAD = r"([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{[^{}\\]*\})?)"
_LINE = re.compile(_HEAD + r"[ \t]+([0-9.eE+-]+)(?:[ \t]+(-?[0-9]{1,18}))?[ \t]*")
_PAIR = re.compile(r'[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)="([^"\\]*)"[ \t]*(?:,|$)')
_SUFFIXES = ("_bucket", "_count", "_sum", "_total")
_NOTHING = {"nan", "inf", "+inf", "-inf"}  # how exporters say that there is no figure


def read(text: str, window: Window) -> list[Sample]:
    """The samples; lines without a figure (NaN, Inf) are left out. Raises BadPush, naming the line that is wrong."""
    samples: list[Sample] = []
    kinds: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        try:
            if plain := _LINE.fullmatch(line):
                head, value, at = plain.groups()
                samples.append(_sample(_named(head), value, at, kinds, window))
            elif line[:1] == "#":
                _comment(line, kinds)
            elif line.strip():
                samples.extend(_odd(line, kinds, window))
        except BadPush as error:
            raise BadPush(f"line {number}: {error}") from None
    return gathered(samples, kinds) if "_bucket" in text else samples


def _comment(line: str, kinds: dict[str, str]) -> None:
    """`# TYPE name counter`: what histograms and summaries count are counters, and a summary's quantiles levels."""
    words = line.split()
    if len(words) == 4 and words[1] == "TYPE":
        kinds[words[2]] = words[3]


def _sample(
    named: tuple[str, Labels], value: str, at: str | None, kinds: dict[str, str], window: Window
) -> Sample:
    try:
        number = check_value(float(value))
    except ValueError as error:
        raise error if isinstance(error, BadPush) else BadPush(f"“{value[:40]}” is no number") from None
    name, labels = named
    return Sample(name, labels, number, window.check(int(at)) if at else None, _kind(name, kinds))


def _kind(name: str, kinds: dict[str, str]) -> str:
    said = kinds.get(name)
    if said is None:
        stem = next((name.removesuffix(end) for end in _SUFFIXES if name.endswith(end)), "")
        return Kind.COUNTER.value if kinds.get(stem) in ("counter", "histogram", "summary") else ""
    return Kind.COUNTER.value if said == "counter" else Kind.GAUGE.value


@lru_cache(maxsize=20_000)
def _named(head: str) -> tuple[str, Labels]:
    name, _, rest = head.partition("{")
    pairs: list[tuple[str, str]] = []
    inside, place = rest.removesuffix("}"), 0
    while inside[place:].strip():
        found = _PAIR.match(inside, place)
        if not found:
            raise BadPush(f'the labels of {name} cannot be read: write them as host="web-1"')
        pairs.append((found[1], found[2]))
        place = found.end()
    labels = _sorted(name, dict(pairs), len(pairs))
    check_names(name, labels)
    return name, labels


def _sorted(name: str, pairs: dict[str, str], said: int) -> Labels:
    if len(pairs) != said:
        raise BadPush(f"{name} has a label twice")
    return tuple(sorted((key, value) for key, value in pairs.items() if value))


def _odd(line: str, kinds: dict[str, str], window: Window) -> list[Sample]:
    """Escaped quotes, NaN, names in quotes: as the client library understands them."""
    from_library = _judged(line.strip())
    found = []
    for name, labels, value, at in from_library:
        if str(value) in _NOTHING:
            continue
        named = (name, _sorted(name, labels, len(labels)))
        check_names(*named)
        found.append(_sample(named, repr(float(value)), at, kinds, window))
    return found


def _judged(line: str) -> list[tuple[str, dict[str, str], float, str | None]]:
    """Raises BadPush where the library finds that it is no sample."""
    families = import_module("prometheus_client.parser").text_string_to_metric_families  # seldom needed: 2 MB
    try:
        samples = [sample for family in families(f"{line}\n") for sample in family.samples]
    except (ValueError, TypeError, IndexError, KeyError) as error:
        raise BadPush(f"this is no sample ({str(error)[:80]}): “{line[:60]}”") from None
    return [
        (
            s.name,
            dict(s.labels),
            s.value,
            None if s.timestamp is None else str(round(float(s.timestamp) * 1000)),
        )
        for s in samples
    ]
