"""What the last runs say about the schedule itself: hours off, ahead of time, or a grace that does not fit. Pure.

Healthchecks’ users ask about these more than about anything else: the job ran, and the schedule was told in another zone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from monitoring.heartbeats.schedules import Plan
from opsconsole.lib import durations
from opsconsole.lib.stats import quantile

LOOKED_AT = 30
"""Runs, the newest ones."""
FEW, ENOUGH = 3, 10
LATE, EARLY = timedelta(minutes=30), timedelta(minutes=10)
_HALF_HOUR = timedelta(minutes=30)
REACH = timedelta(hours=14, minutes=30)
"""No two zones are further apart from what people mix up."""
_MINUTE = timedelta(minutes=1)
_NICE = [
    timedelta(minutes=n) for n in (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440)
]


@dataclass(frozen=True)
class Seen:
    """A run that reported: `started` is its end where nobody told the start."""

    started: datetime
    ended: datetime


@dataclass(frozen=True)
class Advice:
    """A sentence, and the one change that would help, if there is one: a `zone` or a `grace`."""

    sentence: str
    zone: str = ""
    grace: timedelta | None = None

    @property
    def button(self) -> str:
        if self.grace:
            return f"Use a grace of {durations.words(self.grace)}"
        return f"Use {self.zone}" if self.zone else ""


def examine(plan: Plan, runs: Sequence[Seen], zones: Iterable[str]) -> list[Advice]:
    """`runs` are oldest first; `zones` are those that the machine may well be in."""
    runs = runs[-LOOKED_AT:]
    if plan.is_timed and (hours := hours_off(plan, [run.started for run in runs], zones)):
        return [hours]
    found = (ahead(plan, [run.ended for run in runs]), grace(plan, [run.ended for run in runs]))
    return [advice for advice in found if advice]


def hours_off(plan: Plan, moments: Sequence[datetime], zones: Iterable[str]) -> Advice | None:
    """Runs that begin whole hours off, while in another zone nearly all would be on time."""
    if len(moments) < FEW or _share(plan, moments) > 0.2:
        return None
    offs = sorted({off for at in moments if (off := _off(plan, at)) is not None})
    if not offs or len(offs) > 2:
        return None
    said = f"Its pings come {'exactly ' if len(offs) == 1 else ''}{_words(offs)} by the clock of {plan.zone}"
    for zone in zones:
        if zone != plan.zone and _share(replace(plan, zone=zone), moments) >= 0.9:
            return Advice(
                f"{said}, and on time by that of {zone}: does the machine run in {zone}?", zone=zone
            )
    if len(offs) > 1 or offs[0] % (2 * _HALF_HOUR):
        return None
    return Advice(
        f"{said}. Is the machine’s clock in another zone, or does the job take so long and tell only its end?"
    )


def _share(plan: Plan, moments: Sequence[datetime]) -> float:
    """The share of 1 of moments at which a run of this plan would begin."""
    return sum(_fits(plan, at) for at in moments) / len(moments)


def _fits(plan: Plan, at: datetime) -> bool:
    expected = plan.expected_after(at - LATE)
    return expected is not None and expected <= at + EARLY


def _off(plan: Plan, at: datetime) -> timedelta | None:
    """How far after the nearest set time, in whole half hours; None where none is near, or it is no whole half hour."""
    expected, nearest = plan.expected_after(at - REACH), None
    while expected and expected <= at + REACH:
        nearest = expected if nearest is None or abs(at - expected) < abs(at - nearest) else nearest
        expected = plan.expected_after(expected)
    if nearest is None:
        return None
    off = round((at - nearest) / _HALF_HOUR) * _HALF_HOUR
    return off if off and -EARLY / 2 <= at - nearest - off <= EARLY else None


def _words(offs: Sequence[timedelta]) -> str:
    """“1 h late”, “1 h or 2 h late”, “30 min early”."""
    way = "late" if offs[0] > timedelta() else "early"
    return f"{' or '.join(durations.words(abs(off)) for off in offs)} {way}"


def ahead(plan: Plan, ends: Sequence[datetime]) -> Advice | None:
    """Runs that end shortly before their time: they count for the time before it."""
    if not plan.is_timed or len(ends) < FEW:
        return None
    leads = [lead for at in ends if (lead := _lead(plan, at))]
    if len(leads) < FEW or len(leads) * 2 < len(ends):
        return None
    return Advice(
        f"Its pings come up to {durations.words(max(leads))} before their time, so that each counts for the time before and the"
        " job may be called missed though it ran. Is the clock of the machine ahead?"
    )


def _lead(plan: Plan, at: datetime) -> timedelta | None:
    """How long before a set time; None where a time has just passed, or none is near."""
    coming, passed = plan.expected_after(at), plan.expected_after(at - EARLY)
    if coming is None or passed is None or passed <= at or coming - at > EARLY:
        return None
    return coming - at


def grace(plan: Plan, ends: Sequence[datetime]) -> Advice | None:
    """A grace that most of the last runs would have kept, where the one that is set is much too short or too wide."""
    delays = lateness(plan, ends)
    usual = quantile(delays, 0.95)
    if usual is None or len(delays) < ENOUGH:
        return None
    wanted = next((span for span in _NICE if span.total_seconds() >= usual * 1.5), None)
    if wanted is None or wanted == plan.grace:
        return None
    late = sum(delay > plan.grace.total_seconds() for delay in delays)
    if usual > plan.grace.total_seconds():
        return Advice(
            f"{late} of the last {len(delays)} runs ended after the grace of {durations.words(plan.grace)}.",
            grace=wanted,
        )
    if plan.grace > 3 * wanted and plan.grace - wanted >= 10 * _MINUTE:
        sooner = durations.words(plan.grace - wanted)
        within = durations.words(timedelta(seconds=max(1.0, usual)))
        return Advice(
            f"19 of 20 runs ended within {within} of their time; you could hear of a failure {sooner} sooner.",
            grace=wanted,
        )
    return None


def lateness(plan: Plan, ends: Sequence[datetime]) -> list[float]:
    """Seconds by which each run ended after its time, as the console expects it; a run after a missed one tells nothing."""
    pairs = pairwise(ends)
    return [late for before, at in pairs if (late := _late(plan.expected_after, before, at)) is not None]


def _late(after: Callable[[datetime], datetime | None], before: datetime, at: datetime) -> float | None:
    expected = after(before)
    following = after(expected) if expected else None
    if expected is None or (following and following <= at):
        return None
    return max(0.0, (at - expected).total_seconds())
