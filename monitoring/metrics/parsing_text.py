"""A push, or the page of an exporter, in Prometheus' text format or as OpenMetrics.

Plain lines are read here, ten times faster than by the client library; what is odd about a line the library judges.
OpenMetrics differs in that times are seconds, an example may follow a value, and UNIT says the unit.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module

from monitoring.metrics.parsing_buckets import gathered
from monitoring.metrics.samples import BadPush, Labels, OutOfTime, Sample, Window, check_names, check_value
from monitoring.metrics.states import Kind

_HEAD = r"([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{[^{}\\]*\})?)"
_LINE = re.compile(_HEAD + r"[ \t]+([0-9.eE+-]+)(?:[ \t]+(-?[0-9.]{1,18}))?[ \t]*")
_EXAMPLE = re.compile(r"[ \t]+#[ \t]+\{[^{}]*\}[^{}]*$")
_PAIR = re.compile(r'[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)="([^"\\]*)"[ \t]*(?:,|$)')
_SUFFIXES = ("_bucket", "_count", "_sum", "_total")
_NOTHING = {"nan", "inf", "+inf", "-inf"}  # how exporters say that there is no figure


@dataclass(frozen=True)
class _Page:
    """What its comments have said so far."""

    window: Window
    is_open: bool
    kinds: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)


def read(
    text: str, window: Window, said: str = "", spare: Callable[[str], bool] | None = None
) -> list[Sample]:
    """The samples; lines without a figure (NaN, Inf) are left out. Raises BadPush, naming the line that is wrong.

    `said` is its content type. On the page of an exporter, lines of another time and those whose names `spare` takes are left
    out when they are wrong.
    """
    page = _Page(window, "openmetrics" in said or text.rstrip().endswith("# EOF"))
    samples: list[Sample] = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            if plain := _LINE.fullmatch(line):
                head, value, at = plain.groups()
                samples.append(_sample(_named(head), value, at, page))
            elif line[:1] == "#":
                _comment(line, page)
            elif line.strip():
                samples.extend(_odd(line, page))
        except BadPush as error:
            if not spare or not (isinstance(error, OutOfTime) or spare(_name(line))):
                raise BadPush(f"line {number}: {error}") from None
    if page.is_open:
        samples = [sample for sample in samples if not _is_birth(sample.name, page.kinds)]
    return gathered(samples, page.kinds, page.units) if "_bucket" in text else samples


def _name(line: str) -> str:
    return line.partition("{")[0].partition(" ")[0].strip()


def _comment(line: str, page: _Page) -> None:
    """`# TYPE name counter`: what histograms and summaries count are counters, and a summary's quantiles levels."""
    words = line.split()
    if len(words) == 4 and words[1] == "TYPE":
        page.kinds[words[2]] = words[3]
    elif len(words) == 4 and words[1] == "UNIT":
        page.units[words[2]] = {"seconds": "s"}.get(words[3], words[3][:20])


def _is_birth(name: str, kinds: dict[str, str]) -> bool:
    """`name_created` of OpenMetrics says since when is counted, which is no figure."""
    return name.endswith("_created") and kinds.get(name.removesuffix("_created"), "gauge") != "gauge"


def _sample(named: tuple[str, Labels], value: str, at: str | None, page: _Page) -> Sample:
    try:
        number = check_value(float(value))
    except ValueError as error:
        raise error if isinstance(error, BadPush) else BadPush(f"“{value[:40]}” is no number") from None
    name, labels = named
    return Sample(
        name, labels, number, page.window.check(_ms(at, page)) if at else None, _kind(name, page.kinds), _unit(name, page.units)
    )  # fmt: skip


def _ms(at: str, page: _Page) -> int:
    try:
        return round(float(at) * (1000 if page.is_open else 1))
    except ValueError:
        raise BadPush(f"“{at[:40]}” is no time: write milliseconds since 1970") from None


def _unit(name: str, units: dict[str, str]) -> str:
    """How many there were has none."""
    return units.get(name) or units.get(_stem(name, ("_sum", "_total")), "") if units else ""


def _stem(name: str, ends: tuple[str, ...]) -> str:
    return next((name.removesuffix(end) for end in ends if name.endswith(end)), "")


def _kind(name: str, kinds: dict[str, str]) -> str:
    said = kinds.get(name)
    if said is None:
        is_counted = kinds.get(_stem(name, _SUFFIXES)) in ("counter", "histogram", "summary")
        return Kind.COUNTER.value if is_counted else ""
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


def _odd(line: str, page: _Page) -> list[Sample]:
    """Escaped quotes, NaN, names in quotes: as the client library understands them."""
    bare = _EXAMPLE.sub("", line) if page.is_open else line
    found = []
    for name, labels, value, at in _judged(bare.strip()):
        if str(value) in _NOTHING:
            continue
        named = (name, _sorted(name, labels, len(labels)))
        check_names(*named)
        found.append(_sample(named, repr(float(value)), at, page))
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
            None if s.timestamp is None else str(round(float(s.timestamp) * 1000, 3)).removesuffix(".0"),
        )
        for s in samples
    ]
