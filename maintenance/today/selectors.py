"""What the page of the day shows beside the checklist."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.response.models import Incident
from incidents.response.selectors import MOST, live
from maintenance.checklists.models import Run
from maintenance.today import figures
from maintenance.today.figures import Figure
from maintenance.today.later import Later, later
from maintenance.today.sentences import state_sentence
from maintenance.today.services_now import ServicesNow, services_now
from monitoring.heartbeats.selectors import counts


@dataclass(frozen=True)
class Day:
    """The state of things now and what comes next, whether or not a checklist is open."""

    figures: list[Figure]
    incidents: list[Incident]
    services: ServicesNow
    later: list[Later]
    signed: list[Run]

    @property
    def sentence(self) -> str:
        """The state of things when no checklist is open."""
        return state_sentence(self.services.named, [i.title for i in self.incidents])

    @property
    def next(self) -> Later | None:
        """What comes next by the hour."""
        return next((it for it in self.later if it.at and not it.late), None)


def day(now: datetime) -> Day:
    incidents, services = list(live()[: MOST + 1]), services_now()
    strip = [
        figures.incidents(incidents, now),
        figures.services(services.counts),
        figures.late_jobs(counts(now)),
        figures.undelivered(now),
        figures.expiring(now),
    ]
    return Day(strip, incidents, services, later(now), _signed(now))


def _signed(now: datetime) -> list[Run]:
    recent = Run.objects.filter(signed_at__gt=now - timedelta(hours=12)).select_related("signed_by")
    return list(recent.order_by("-signed_at")[:3])
