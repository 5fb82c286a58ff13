"""The headline figures: which measures a report shows, and each as it is frozen.

A noun's measure becomes a headline by one line here or in a higher noun's `plugins.py`: `headline("revenue.mrr", order=15)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from opsconsole.lib.periods import Week
from opsconsole.lib.registry import Registry
from opsconsole.measures import comparisons, words
from opsconsole.measures.comparisons import Against, Compared
from opsconsole.measures.registry import Fold, measures
from opsconsole.measures.verdicts import Verdict

MOST = 8
headlines: Registry[int] = Registry("headline figure")


def headline(slug: str, *, order: int) -> None:
    headlines.register(slug, order)


for _order, _slug in enumerate(
    (
        "monitoring.uptime",
        "incidents.opened",
        "incidents.tta",
        "monitoring.latency_p95",
        "heartbeats.success",
        "checklists.on_time",
        "incidents.ttr",
        "actions.overdue",
    )
):
    headline(_slug, order=10 * (_order + 1))


@dataclass(frozen=True)
class Earlier:
    """A figure in an earlier period, and the change since; `missing` says why there is none."""

    key: str
    name: str
    value: float | None
    coverage: float
    delta: float | None
    relative: float | None
    tone: str
    missing: str
    evidence_url: str


@dataclass(frozen=True)
class Figure:
    """One headline figure with everything that is needed to read it years later: the shape that is frozen."""

    slug: str
    title: str
    unit: str
    digits: int | None
    value: float | None
    verdict: str
    is_nothing: bool
    coverage: float
    n: int | None
    detail: str
    evidence_url: str
    better: str
    target: float | None
    target_words: str
    method: str
    version: int
    of_moment: bool
    earlier: list[Earlier] = field(default_factory=list)

    @property
    def is_off(self) -> bool:
        return self.verdict in (Verdict.LOOK, Verdict.BAD)

    @property
    def is_unread(self) -> bool:
        """Could not be verified; there was not merely nothing to measure."""
        return self.verdict == Verdict.UNKNOWN and not self.is_nothing

    def against(self, key: str) -> Earlier | None:
        return next((earlier for earlier in self.earlier if earlier.key == key), None)


def shown() -> list[str]:
    """The measures of the report, in order: those that exist, eight at the most."""
    ordered = sorted(headlines.items(), key=lambda pair: pair[1])
    return [slug for slug, _ in ordered if slug in measures][:MOST]


def read(week: Week, zone: ZoneInfo, now: datetime) -> list[Figure]:
    found = comparisons.comparisons(shown(), week, zone, now)
    return [_figure(compared) for compared in found.values()]


def thaw(frozen: Sequence[dict[str, Any]]) -> list[Figure]:
    """Figures from what was frozen (`dataclasses.asdict` of each)."""
    return [Figure(**{**fields, "earlier": [Earlier(**e) for e in fields["earlier"]]}) for fields in frozen]


def _figure(compared: Compared) -> Figure:
    measure, reading = compared.judged.measure, compared.judged.reading
    earlier = {
        "previous": compared.previous,
        "month": compared.last_month,
        "year": compared.last_year,
    }
    return Figure(
        slug=measure.slug,
        title=measure.title,
        unit=measure.unit,
        digits=measure.digits,
        value=reading.value,
        verdict=compared.judged.verdict.value,
        is_nothing=reading.is_nothing,
        coverage=reading.coverage,
        n=reading.n,
        detail=reading.detail,
        evidence_url=reading.evidence_url,
        better=measure.rule.better,
        target=measure.rule.target,
        target_words=words.target(measure),
        method=measure.method,
        version=measure.version,
        of_moment=measure.fold is Fold.LAST,
        earlier=[_earlier(key, compared, against) for key, against in earlier.items()],
    )


def _earlier(key: str, compared: Compared, against: Against) -> Earlier:
    return Earlier(
        key=key,
        name=against.period.name,
        value=against.reading.value,
        coverage=against.reading.coverage,
        delta=against.delta,
        relative=against.relative,
        tone=comparisons.tone(compared.judged, against),
        missing=against.missing,
        evidence_url=against.reading.evidence_url,
    )
