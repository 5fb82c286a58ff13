"""The figures of heartbeats."""

from datetime import timedelta

from django.db.models import Count, Q

from monitoring.catalogue.states import Status
from monitoring.heartbeats.judgement import SILENCE
from monitoring.heartbeats.selectors import heard_at, runs_ended, states_at, unjudged
from monitoring.heartbeats.states import Outcome
from opsconsole.health.models import Gap, Pulse
from opsconsole.lib import clock
from opsconsole.lib.figures import counted
from opsconsole.lib.periods import Period
from opsconsole.measures.evidence import moment_url, span_url
from opsconsole.measures.registry import Fold, measure
from opsconsole.measures.verdicts import Reading


@measure(
    "heartbeats.late",
    title="Late or failed jobs",
    unit="jobs",
    method="Jobs that, at the end of the period, had not reported by the end of their grace, had reported failure last, or had"
    " a run beyond its longest time. Paused jobs, those that never reported, and those under maintenance are left out.",
    version=2,
    better="lower",
    target=0,
    fold=Fold.LAST,
    boards=("health",),
)
def late(period: Period) -> Reading:
    now = clock.now()
    states = states_at(min(period.end, now))
    kept = states.pop(Status.MAINTENANCE, 0)
    down, up, unknown = (states.get(s, 0) for s in (Status.DOWN, Status.UP, Status.UNKNOWN))
    blind = heard_at(now).filter(unjudged(now)).count() if period.end >= now else 0
    watched, up, unknown = down + up + unknown, up - blind, unknown + blind
    url = moment_url("heartbeats:list", "heartbeats.late", period, now)
    if not watched:
        said = "Every job is under maintenance." if kept else "No job reports here."
        return Reading(None, 1.0 if kept else 0, 0, url, said)
    unmeasured = f", {unknown} not measured" if unknown else ""
    return Reading(down, (down + up) / watched, watched, url, f"of {counted(watched, 'job')}{unmeasured}")


@measure(
    "heartbeats.success",
    title="Runs of jobs that succeeded",
    unit="%",
    method="Of the runs that ended in the period, the share that reported success. A job that stayed silent beyond its grace"
    " counts as one failed run for the whole silence. Maintenance changes nothing of how a run ended. Time in which the console did not listen lowers the coverage.",
    better="higher",
    target=99,
    limit=95,
    digits=1,
    fold=Fold.POOLED,
    boards=("health", "executive"),
)
def success(period: Period) -> Reading:
    found = runs_ended(period).aggregate(n=Count("pk"), good=Count("pk", filter=Q(outcome=Outcome.SUCCESS)))
    n, good = found["n"], found["good"]
    detail = f"{good:,} of {n:,} runs" if n else "No run ended."
    url = span_url("heartbeats:runs", "heartbeats.success", period)
    return Reading(100 * good / n if n else None, _listened(period), n, url, detail)


def _listened(period: Period) -> float:
    """The share of the period so far in which the listener lived. A silence that lasts is no gap in the table yet."""
    now = clock.now()
    past = period.until(now)
    if not past.seconds:
        return 1.0
    gaps = Gap.objects.filter(part="listener", end__gt=past.start, start__lt=past.end)
    spans = [(gap.start, gap.end) for gap in gaps]
    silent = Pulse.objects.filter(part="listener", seen_at__lt=min(now - SILENCE, past.end)).first()
    spans += [(silent.seen_at, past.end)] if silent else []
    deaf = sum((min(end, past.end) - max(start, past.start) for start, end in spans), timedelta())
    return max(0.0, 1 - deaf.total_seconds() / past.seconds)
