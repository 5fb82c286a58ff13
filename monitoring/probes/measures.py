"""The figures of monitoring."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Min

from monitoring.catalogue.histories import Total, added
from monitoring.catalogue.maintenance import maintained
from monitoring.catalogue.models import Service
from monitoring.catalogue.states import Status, worst
from monitoring.probes import history, hourly, selectors
from monitoring.probes.models import Probe
from monitoring.probes.outages import outages_at
from opsconsole.lib import clock, durations
from opsconsole.lib.figures import counted, written
from opsconsole.lib.histograms import quantile
from opsconsole.lib.once import once
from opsconsole.lib.periods import Period
from opsconsole.measures.evidence import moment_url, span_url
from opsconsole.measures.registry import Fold, measure
from opsconsole.measures.verdicts import Reading

_HOW = (
    " Counted in time, not in runs: a failure counts from its first failing answer once it is confirmed, a blip that never was"
    " confirmed counts as up, and what was not measured, or measured under maintenance, counts as neither. Of the probes of a service the worst of each day counts."
)

ONLY_MAINTAINED = "Nothing was measured but under maintenance."
JUST_NOW = timedelta(minutes=1)
"""A period that was to end with the present has ended by the time that it is read."""


@once
def _watched(period: Period) -> dict[int, Total]:
    """Each service that has probes, over the part of the period behind us in which it had any."""
    past = period.until(clock.now())
    first = dict(Probe.objects.order_by().values_list("service_id").annotate(Min("created_at")))
    everything = Service.objects.order_by().values_list("pk", flat=True)  # as other parts of a report ask
    found = history.services_uptime(everything, past, past.end)
    lengths = {pk: past.seconds - max(0.0, (at - past.start).total_seconds()) for pk, at in first.items()}
    clipped = {
        pk: replace(one, length=max(one.up + one.down + one.maintenance, lengths[pk]))
        for pk, one in found.items()
        if pk in first
    }
    return {pk: one for pk, one in clipped.items() if one.length > 0}


def _names(ids: list[int]) -> str:
    return ", ".join(
        Service.objects.filter(pk__in=ids).order_by("tier", "name").values_list("name", flat=True)
    )


@measure(
    "monitoring.uptime",
    title="Uptime",
    unit="%",
    method="Of the time that was measured, the share in which services answered, degraded answers included; all services together."
    + _HOW,
    better="higher",
    target=99.9,
    limit=99.5,
    digits=2,
    boards=("health", "executive"),
    hourly=hourly.uptime,
)
def uptime(period: Period) -> Reading:
    services, url = _watched(period), span_url("catalogue:list", "monitoring.uptime", period)
    if not services:
        return Reading(None, 0, 0, url, "No probe watches a service.")
    every = added(list(services.values()))
    if every.uptime is None and every.maintenance:
        return Reading(None, every.coverage, 0, url, ONLY_MAINTAINED)
    share = None if every.uptime is None else 100 * every.uptime
    return Reading(share, every.coverage, len(services), url, _least(services))


def _least(services: dict[int, Total]) -> str:
    """The service that was down longest, by name."""
    pk, one = max(services.items(), key=lambda item: item[1].down)
    if not one.down or one.uptime is None:
        return f"{counted(len(services), 'service')}, none was down"
    return f"least: {_names([pk])} {written(100 * one.uptime, '%', 2)}"


@measure(
    "monitoring.downtime",
    title="Downtime",
    unit="min",
    method="Minutes in which a service was down, added up over all services." + _HOW,
    better="lower",
    digits=1,
    boards=("health",),
    hourly=hourly.downtime,
)
def downtime(period: Period) -> Reading:
    services, url = _watched(period), span_url("catalogue:list", "monitoring.downtime", period)
    if not services:
        return Reading(None, 0, 0, url, "No probe watches a service.")
    every = added(list(services.values()))
    hit = sorted((pk for pk, one in services.items() if one.down), key=lambda pk: -services[pk].down)
    detail = f"{_names(hit[:3])}{' and others' if len(hit) > 3 else ''}" if hit else "none was down"
    value = every.down / 60 if every.up + every.down else None
    return Reading(value, every.coverage, len(services), url, detail)


@measure(
    "monitoring.latency_p95",
    title="Response time, 95th percentile",
    unit="ms",
    method="Of all good answers to all probes, the time that 95 of 100 did not exceed, right to 4.5 per cent."
    " Failed and unmeasured runs are left out, and so is what was asked under maintenance.",
    version=2,
    better="lower",
    target=500,
    limit=1000,
    boards=("performance", "executive"),
    hourly=hourly.latency_p95,
)
def latency_p95(period: Period) -> Reading:
    url = span_url("probes:list", "monitoring.latency_p95", period)
    answers = history.everybody(period.until(clock.now())).answers
    if not answers:
        return _unasked(period, url) or Reading(None, 0, 0, url, "Nothing answered.")
    middle = written(quantile(answers, 0.5), "ms")
    return Reading(quantile(answers, 0.95), 1.0, answers.total(), url, f"half within {middle}")


@measure(
    "monitoring.error_share",
    title="Failing answers",
    unit="%",
    method="Of all runs of probes in the period, the share that failed: no answer, a wrong one, or one too late; a single blip"
    " counts too. What was asked under maintenance is left out. Runs that failed by a fault of the console's own lower the coverage.",
    version=2,
    better="lower",
    target=1,
    limit=5,
    digits=2,
    fold=Fold.POOLED,
    boards=("health", "performance"),
    hourly=hourly.error_share,
)
def error_share(period: Period) -> Reading:
    url = span_url("probes:list", "monitoring.error_share", period)
    found = history.everybody(period.until(clock.now())).runs
    if not found.asked:
        return _unasked(period, url) or Reading(None, 0, 0, url, "No probe asked anything.")
    said = f"{found.failed:,} of {counted(found.asked, 'run')}"
    measured = found.known / (found.known + found.unknown or 1)
    return Reading(100 * found.failed / found.asked, measured, found.asked, url, said)


def _unasked(period: Period, url: str) -> Reading | None:
    """Nothing to measure, where there was nothing but maintenance."""
    every = added(list(_watched(period).values()))
    if every.up or every.down or not every.maintenance:
        return None
    return Reading(None, every.coverage, 0, url, ONLY_MAINTAINED)


@measure(
    "monitoring.services_down",
    title="Services that do not answer",
    unit="services",
    method="Services of which a probe was down at the end of the period, or is down now; without those under maintenance.",
    better="lower",
    target=0,
    fold=Fold.LAST,
    boards=("health",),
)
def services_down(period: Period) -> Reading:
    now = clock.now()
    url = moment_url("probes:outages", "monitoring.services_down", period, now)
    if period.end < now - JUST_NOW:
        return _down_then(period, url)
    by_service: dict[int, list[str]] = {}
    kept = maintained(now)
    for pk, status in selectors.states().exclude(status=Status.PAUSED).exclude(service__in=list(kept)):
        by_service.setdefault(pk, []).append(status)
    if not by_service:
        said = "Everything is under maintenance." if kept else "No probe watches a service."
        return Reading(None, 1.0 if kept else 0, 0, url, said)
    standing = {pk: worst(statuses) for pk, statuses in by_service.items()}
    down = [pk for pk, status in standing.items() if status == Status.DOWN]
    seen = sum(status != Status.UNKNOWN for status in standing.values())
    detail = _names(down) or f"of {counted(len(standing), 'service')}"
    return Reading(len(down), seen / len(standing), len(standing), url, detail)


def _down_then(period: Period, url: str) -> Reading:
    """At a moment that is over, the changes of state tell; and nothing of services that nobody was measuring."""
    found = outages_at(period.end)
    services = {outage.service_id for outage in found if outage.end is None or outage.end > period.end}
    names = _names(list(services))
    longest = max((o.within(period, period.end) for o in found), default=None)
    detail = f"{names}, for {durations.words(longest)}" if longest and names else names
    measured, watched = _measured_at(period.end)
    coverage = len(measured) / len(watched) if watched else 0.0
    return Reading(len(services), coverage, len(watched), url, detail)


def _measured_at(moment: datetime) -> tuple[set[int], set[int]]:
    """Services of which something was measured in the hour before, and these with all that should have been."""
    hour = Period(moment - timedelta(hours=1), moment)
    everything = Service.objects.order_by().values_list("pk", flat=True)
    found = history.services_uptime(everything, hour, moment)
    measured = {pk for pk, one in found.items() if one.up or one.down or one.maintenance}
    asked = Probe.objects.filter(is_paused=False, created_at__lt=moment)
    return measured, measured | set(asked.values_list("service_id", flat=True))
