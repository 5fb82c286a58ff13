"""What /metrics says, in Prometheus' text format. A noun's gauges stand in its `gauges.py`; a scraper keeps their history.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from opsconsole.lib.registry import Registry

PREFIX = "opsconsole_"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Sample(NamedTuple):
    value: float
    labels: Mapping[str, str] = {}


@dataclass(frozen=True)
class Gauge:
    """A figure of this moment, in base units (seconds, bytes, a ratio); `name` without the prefix.

    What is not known has no sample: a scraper then sees that it is absent, never a zero.
    """

    name: str
    help: str
    samples: list[Sample] = field(default_factory=list)


Source = Callable[[datetime], Iterable[Gauge]]
sources: Registry[Source] = Registry("source of gauges")


def gauges(noun: str) -> Callable[[Source], Source]:
    """Decorate a function `(now) -> gauges` in a noun's `gauges.py`. It asks a constant number of queries."""
    return lambda function: sources.register(noun, function)


def flag(name: str, help: str, found: Iterable[tuple[Mapping[str, str], bool]]) -> Gauge:  # noqa: A002 — its word there
    """1 for yes, 0 for no."""
    return Gauge(name, help, [Sample(float(yes), labels) for labels, yes in found])


def exposition(now: datetime) -> str:
    return "".join(_written(gauge) for source in sources for gauge in source(now) if gauge.samples)


def _written(gauge: Gauge) -> str:
    name = PREFIX + gauge.name
    lines = [f"# HELP {name} {_escaped(gauge.help)}", f"# TYPE {name} gauge"]
    lines += [f"{name}{_labels(sample.labels)} {float(sample.value)!r}" for sample in gauge.samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    pairs = ",".join(
        '{}="{}"'.format(key, _escaped(text).replace('"', r"\"")) for key, text in labels.items()
    )
    return f"{{{pairs}}}" if pairs else ""


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n")
