"""The page of one probe: how it stands, how it did, and where the time of its answers goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.safestring import SafeString

from monitoring.catalogue import days, latencies
from monitoring.catalogue.days import Day
from monitoring.catalogue.histories import Wanted
from monitoring.catalogue.latencies import Span
from monitoring.catalogue.maintenance import Maintenance, maintained
from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.past import Past
from monitoring.catalogue.selectors import changes_from
from monitoring.catalogue.states import TONES, Status
from monitoring.probes import certificates, history, selectors, sentences
from monitoring.probes.kinds import KEPT_BODY, Found, kinds
from monitoring.probes.models import Failure, Finding, Probe
from monitoring.probes.pages.regions import RegionRow, region_rows, votes_said
from monitoring.probes.standing import shown_of
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib.periods import Period

_STEPS = ("Looking up the name", "Connecting", "TLS handshake", "Waiting for the first byte")


@dataclass(frozen=True)
class Phase:
    """A part of an answer's time, in milliseconds on average, and its share of the whole, 0 to 1."""

    name: str
    ms: float
    share: float


@dataclass(frozen=True)
class ProbePage(Past):
    """Everything that one probe's page says. Figures are of the span that was chosen, bars of 90 days."""

    probe: Probe
    sentence: SafeString
    why: str
    pending: str
    address: str
    facts: list[tuple[str, str]]
    found: list[Found]
    found_at: datetime | None
    regions: list[RegionRow]
    votes: str
    tone: str
    maintenance: Maintenance | None
    times: Sequence[int]
    failures: list[tuple[Failure, str]]
    changes: list[StatusChange]
    now: datetime

    @cached_property
    def phases(self) -> list[Phase]:
        return phases(self.times, self.latency.total.answers)

    @property
    def regions_down(self) -> int:
        """How many of its regions have confirmed that it is down."""
        return sum(one.status == Status.DOWN for one in self.regions)

    @property
    def certificate_days(self) -> int | None:
        """Whole days that the certificate is still valid; negative when it is over."""
        expires = self.probe.certificate_expires_at
        return certificates.days_left(expires, self.now) if expires else None

    @property
    def certificate_tone(self) -> str:
        left = self.certificate_days
        return "unknown" if left is None else certificates.verdict(left).value


def probe_page(*, probe: Probe, span: Span, now: datetime) -> ProbePage:
    """`probe` comes with its service."""
    zone = team_zone()
    rows = region_rows(probe, now)
    finding = Finding.objects.filter(probe=probe).first()
    begin, kept = latencies.starts(span, now, zone)[0], maintained(now)
    return ProbePage(
        name=probe.name,
        probe=probe,
        sentence=sentences.of_probe(probe, now),
        why=sentences.reason(probe, now),
        pending=sentences.pending(probe, now),
        address=kinds[probe.kind].address(probe.config),
        facts=kinds[probe.kind].facts(probe.config),
        found=kinds[probe.kind].found(finding.facts, now) if finding else [],
        found_at=finding.at if finding else None,
        regions=rows,
        votes=votes_said(probe, rows),
        tone=TONES[shown_of(probe, now, kept)],
        maintenance=kept.get(probe.service_id),
        days=_days(probe, now, zone),
        span=span,
        points=_points(probe, span, begin, now, zone),
        times=history.answer_times(probe.pk, Period(begin, now), span.step),
        failures=[(one, _body(one)) for one in selectors.recent_failures(probe, limit=10)],
        changes=changes_from(probe.source),
        now=now,
    )


def _body(failure: Failure) -> str:
    return sentences.of_body(failure.content_type, failure.size, failure.is_cut, KEPT_BODY)


def _days(probe: Probe, now: datetime, zone: ZoneInfo) -> list[Day]:
    return days.days_of(
        history.probe_history(Wanted([probe.pk], days.first(now, zone), now, "day")),
        target=float(probe.service.uptime_target),
        now=now,
        zone=zone,
        begun=probe.created_at,
    )


def _points(
    probe: Probe, span: Span, begin: datetime, now: datetime, zone: ZoneInfo
) -> list[latencies.Point]:
    return latencies.points_of(
        history.probe_history(Wanted([probe.pk], begin, now, span.step, latency=True)),
        span,
        now=now,
        days_in=zone,
        shown_in=timezone.get_current_timezone(),
        begun=probe.created_at,
    )


def phases(times: Sequence[float], answers: int) -> list[Phase]:
    """Where the time of a good answer goes, on average, without steps that are none of its kind; empty where none was measured. `times` are sums over the `answers`."""
    if not answers:
        return []
    whole, *steps = (time / answers for time in times)
    spent = [*zip(_STEPS, steps, strict=True), ("Reading the answer", max(0.0, whole - sum(steps)))]
    return [Phase(title, ms, ms / (whole or 1)) for title, ms in spent if ms]
