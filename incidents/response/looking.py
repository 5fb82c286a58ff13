"""Where to look into an incident: the logs, dashboards and traces of what it touches, opened at its time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from incidents.response.models import Incident
from monitoring.catalogue.links import Link, opened
from monitoring.catalogue.models import Service

AROUND = timedelta(minutes=15)
MOST = 12


def links_of(incident: Incident, affected: Sequence[Service], now: datetime) -> list[Link]:
    """From a little before it hurt until a little after it was over; of several services, each link says whose it is."""
    end = min(now, (incident.mitigated_at or incident.resolved_at or now) + AROUND)
    found = [
        (service, link)
        for service in affected
        for link in opened(service.links, incident.impact_start - AROUND, end)
    ]
    several = len({service.pk for service, _ in found}) > 1
    return [
        Link(title=f"{link['title']} of {service.name}" if several else link["title"], url=link["url"])
        for service, link in found[:MOST]
    ]
