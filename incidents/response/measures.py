"""The figures of incidents."""

from datetime import timedelta
from functools import partial

from incidents.response.figures import BY_SLUG, detected_in, hurting, open_at, spread
from incidents.response.states import Severity
from opsconsole.lib import clock
from opsconsole.lib.periods import Period
from opsconsole.measures.evidence import moment_url, span_url
from opsconsole.measures.registry import Fold, measure
from opsconsole.measures.verdicts import Reading

_LEFT_OUT = " Drills are left out, and a merged incident counts as the one it was merged into."


def rows_url(period: Period, of: str = "incidents.opened") -> str:
    """The incidents that a figure of a period is made of."""
    return span_url("response:list", of, period)


@measure(
    "incidents.opened",
    title="Incidents",
    unit="incidents",
    better="lower",
    method="Incidents by the day of their first failing evidence." + _LEFT_OUT,
    boards=("health", "executive"),
)
def opened(period: Period) -> Reading:
    rows = detected_in(period)
    counts = [(s.label, sum(i.severity == s for i in rows)) for s in Severity]
    said = ", ".join(f"{n} {label}" for label, n in counts if n)
    return Reading(len(rows), n=len(rows), evidence_url=rows_url(period), detail=said or "none")


@measure(
    "incidents.auto_resolved",
    title="Incidents over before anybody acknowledged",
    unit="incidents",
    better="lower",
    method="Of the incidents, those that the console resolved since all was up again and nobody had acknowledged.",
)
def auto_resolved(period: Period) -> Reading:
    rows = detected_in(period)
    count = sum(i.resolved_by_machine for i in rows)
    return Reading(
        count, n=len(rows), evidence_url=rows_url(period, "incidents.auto_resolved"), detail=f"of {len(rows)}"
    )


@measure(
    "incidents.open",
    title="Open incidents",
    unit="incidents",
    better="lower",
    target=0,
    limit=2,
    fold=Fold.LAST,
    method="Incidents that were not resolved at the end of the period, or are not now." + _LEFT_OUT,
    boards=("health",),
)
def open_now(period: Period) -> Reading:
    now = clock.now()
    url = moment_url("response:list", "incidents.open", period, now)
    return Reading(open_at(min(period.end, now)).count(), evidence_url=url)


@measure(
    "incidents.impact",
    title="Time customers were hurt",
    unit="min",
    better="lower",
    method="Minutes in which at least one incident hurt, from the start of its impact to its end; overlaps count once."
    + _LEFT_OUT,
    boards=("health", "executive"),
)
def impact(period: Period) -> Reading:
    minutes = hurting(period, clock.now()) / timedelta(minutes=1)
    return Reading(minutes, evidence_url=rows_url(period, "incidents.impact"))


def _timed(slug: str, period: Period) -> Reading:
    found = spread(BY_SLUG[slug], detected_in(period), clock.now())
    return Reading(
        found.median, n=found.n, evidence_url=rows_url(period, f"incidents.{slug}"), detail=found.says()
    )


def _method(slug: str) -> str:
    time = BY_SLUG[slug]
    return (
        f"{time.short}: {time.method}. The median over incidents first seen in the period; p90 and n stand beside it."
        " What the console resolved before anybody acknowledged is counted apart." + _LEFT_OUT
    )


for _slug, _target, _limit in (("ttd", 5, 15), ("tta", 15, 60), ("ttm", 60, 240), ("ttr", 60, 240)):
    measure(
        f"incidents.{_slug}",
        title=BY_SLUG[_slug].title,
        unit="min",
        better="lower",
        target=_target,
        limit=_limit,
        digits=1,
        fold=Fold.MEDIAN,
        method=_method(_slug),
        boards=("executive",) if _slug in ("tta", "ttr") else (),
    )(partial(_timed, _slug))
