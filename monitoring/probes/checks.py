"""What a checklist may ask about probes."""

from datetime import datetime, timedelta

from django.urls import reverse

from monitoring.catalogue.histories import Total, Wanted, total
from monitoring.catalogue.maintenance import maintained
from monitoring.catalogue.states import Status
from monitoring.probes import certificates, history, selectors
from monitoring.probes.models import Probe
from opsconsole.lib.figures import counted, written
from opsconsole.measures.checks import Evidence, check
from opsconsole.measures.verdicts import Verdict

SLOWER, MUCH_SLOWER = 1.5, 3.0  # times the week before
STALE = timedelta(days=2)


@check("probes.all_up", title="Every probe finds its service up")
def all_up(now: datetime) -> Evidence:
    """Down: bad. Degraded, or failing and not confirmed: look. Not measured, or not asked in time: not verified. What is maintained
    is left out."""
    counts = selectors.status_counts(now)
    asked = sum(counts.values()) - counts.get(Status.PAUSED, 0) - counts.get(Status.MAINTENANCE, 0)
    pending = _pending(now)
    value = f"{counts.get(Status.UP, 0)} of {asked}" if asked else "–"
    parts = {
        "down": counts.get(Status.DOWN, 0),
        "degraded": counts.get(Status.DEGRADED, 0),
        "failing, to be confirmed": pending,
        "not measured": counts.get(Status.UNKNOWN, 0),
        "under maintenance": counts.get(Status.MAINTENANCE, 0),
        "paused": counts.get(Status.PAUSED, 0),
    }
    detail = ", ".join(f"{n} {words}" for words, n in parts.items() if n) or "all up"
    if not counts:
        detail = "no probe watches anything yet"
    return _evidence(_all_up(counts, asked, pending), value, detail, now)


def _pending(now: datetime) -> int:
    failing = Probe.objects.filter(is_paused=False, last_outcome=Status.DOWN).exclude(status=Status.DOWN)
    return failing.exclude(service__in=list(maintained(now))).count()


def _all_up(counts: dict[Status, int], asked: int, pending: int) -> Verdict:
    if counts.get(Status.DOWN):
        return Verdict.BAD
    if counts.get(Status.DEGRADED) or pending:
        return Verdict.LOOK
    return Verdict.OK if asked and counts.get(Status.UP, 0) == asked else Verdict.UNKNOWN


@check("probes.latency", title="Answers come as fast as in the week before")
def latency(now: datetime) -> Evidence:
    """The 95th percentile of the last 24 hours against the seven days before: half more is worth a look, three times is bad."""
    day, week = _speed(now - timedelta(days=1), now), _speed(now - timedelta(days=8), now - timedelta(days=1))
    fast, usual = day.latency_at(0.95), week.latency_at(0.95)
    if fast is None:
        return _evidence(Verdict.UNKNOWN, "–", "nothing answered in the last 24 hours", now)
    if usual is None:
        missing = "no week before to compare with yet"
        return _evidence(Verdict.UNKNOWN, str(written(fast, "ms")), missing, now)
    detail = f"95th percentile; {written(usual, 'ms')} in the week before"
    return _evidence(_slower(fast / usual), str(written(fast, "ms")), detail, now)


def _slower(times: float) -> Verdict:
    if times < SLOWER:
        return Verdict.OK
    return Verdict.LOOK if times < MUCH_SLOWER else Verdict.BAD


def _speed(start: datetime, end: datetime) -> Total:
    ids = list(Probe.objects.filter(is_paused=False).values_list("id", flat=True))
    return total(history.probe_history(Wanted(ids, start, end, "day", latency=True)))


@check("probes.certificates", title="No TLS certificate expires soon")
def certificates_valid(now: datetime) -> Evidence:
    """Within a week, or over: bad. Within two: look. Where one was not seen for two days, or never: not verified."""
    rows = Probe.objects.filter(is_paused=False).defer("secrets", "config")
    found = list(rows.filter(certificate_expires_at__isnull=False).order_by("certificate_expires_at"))
    if not found:
        return _evidence(Verdict.UNKNOWN, "–", "no probe has seen a certificate", now)
    first, expires = found[0], found[0].certificate_expires_at
    days = certificates.days_left(expires, now)
    stale = sum(not row.certificate_seen_at or now - row.certificate_seen_at > STALE for row in found)
    stale += rows.filter(certificate_expires_at=None, config__url__istartswith="https://").count()
    parts = [f"{first.name} {'first' if days >= 0 else 'expired'}, on {expires.day} {expires:%B %Y}"]
    parts += [f"{stale} not seen lately"] if stale else []
    judged = certificates.verdict(days)
    judged = Verdict.UNKNOWN if stale and judged is Verdict.OK else judged
    return _evidence(judged, counted(max(days, 0), "day"), ", ".join(parts), now)


def _evidence(verdict: Verdict, value: str, detail: str, now: datetime) -> Evidence:
    return Evidence(verdict, value, detail, reverse("probes:list"), now)
