"""What the page of the day shows beside the checklist."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from incidents.response.models import Incident
from incidents.response.selectors import live
from maintenance.checklists.models import Run, Template
from maintenance.today import figures
from maintenance.today.figures import Figure
from maintenance.today.sentences import state_sentence
from maintenance.today.services_now import ServicesNow, services_now
from monitoring.heartbeats.selectors import counts

AHEAD = timedelta(hours=24)


@dataclass(frozen=True)
class Later:
    """Something that comes: when, what, and its page."""

    at: datetime
    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Day:
    """The state of things now and what comes next, whether or not a checklist is open."""

    figures: list[Figure]
    incidents: list[Incident]
    services: ServicesNow
    later: list[Later]
    next_checklist: Later | None
    signed: list[Run]

    @property
    def sentence(self) -> str:
        """The state of things when no checklist is open."""
        return state_sentence(self.services.named, [i.title for i in self.incidents])


def day(now: datetime) -> Day:
    incidents, services, checklists = list(live()[:50]), services_now(), _checklists(now)
    strip = [
        figures.incidents(incidents, now),
        figures.services(services.counts),
        figures.late_jobs(counts(now)),
        figures.undelivered(now),
        figures.expiring(now),
    ]
    return Day(strip, incidents, services, checklists, checklists[0] if checklists else None, _signed(now))


def _checklists(now: datetime) -> list[Later]:
    coming = Template.objects.filter(is_active=True, next_at__gt=now, next_at__lte=now + AHEAD)
    return [
        Later(
            t.next_at,
            t.name,
            reverse("checklists:template", args=[t.pk]),
            _planned(t.next_at, t.expected_minutes, now),
        )
        for t in coming.order_by("next_at")[:8]
        if t.next_at
    ]


def _planned(at: datetime, minutes: int, now: datetime) -> str:
    """On the reader's clock."""
    is_today = timezone.localtime(at).date() == timezone.localtime(now).date()
    return f"{'' if is_today else 'tomorrow, '}{minutes} min planned"


def _signed(now: datetime) -> list[Run]:
    recent = Run.objects.filter(signed_at__gt=now - timedelta(hours=12)).select_related("signed_by")
    return list(recent.order_by("-signed_at")[:3])
