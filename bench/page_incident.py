"""The pages of incidents over a large database: a live incident in the middle of the night, and 5,000 before it."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from bench._data import big_database, connected
from bench._pages import Figure, pages
from incidents.response.models import Incident, Sequence, TimelineEntry
from incidents.response.opening import incident_open
from incidents.response.states import Status
from monitoring.catalogue.models import Service
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib import clock
from opsconsole.outbox.models import Channel, Delivery

BEFORE, LINES, CHANNELS = 5_000, 60, 5


def figures() -> Iterator[Figure]:
    """Everything is made in a transaction that is rolled back, so that other benchmarks find the database as it was."""
    with connected(big_database()), transaction.atomic():
        _past()
        incident = _live()
        yield from pages(
            {
                "page_incident": reverse("response:detail", args=[incident.number]),
                "page_incident_acknowledge": _link(),
                "page_incidents": reverse("response:list"),
                "page_incident_figures": reverse("response:figures"),
            }
        )
        transaction.set_rollback(True)


def _past() -> None:
    now, services = clock.now(), list(Service.objects.all())
    first = Incident.objects.count() + 1  # after the sample's
    starts = [now - timedelta(minutes=105 * n + 600) for n in range(BEFORE, 0, -1)]
    Incident.objects.bulk_create(
        Incident(
            number=number,
            title=f"Address {number} is down",
            severity=number % 4,
            status=Status.RESOLVED,
            service=services[number % len(services)],
            impact_start=start,
            detected_at=start,
            opened_at=start,
            paged_at=start + timedelta(seconds=2),
            acknowledged_at=start + timedelta(minutes=4),
            mitigated_at=start + timedelta(minutes=20),
            resolved_at=start + timedelta(minutes=30),
            acknowledge_due_at=start + timedelta(hours=1),
            resolve_due_at=start + timedelta(hours=4),
            update_minutes=60,
        )
        for number, start in enumerate(starts, first)
    )
    Sequence.objects.update_or_create(name="incident", defaults={"last": first + BEFORE})


def _live() -> Incident:
    now, service = clock.now(), Service.objects.all()[0]
    for number in range(CHANNELS):
        Channel.objects.create(kind="webhook", name=f"Bench {number}", config={"url": "https://example.com/"})
    incident = incident_open(
        actor=SYSTEM, title="Checkout is down", severity=1, service=service, source="bench", now=now
    )
    TimelineEntry.objects.bulk_create(
        TimelineEntry(
            incident=incident,
            kind="note",
            at=now + timedelta(seconds=n),
            signature="Olga",
            body="Tried **restarting** it.",
        )
        for n in range(LINES)
    )
    return incident


def _link() -> str:
    said: str = Delivery.objects.latest("pk").content["data"]["acknowledge_url"]
    return "/a/" + said.rpartition("/a/")[2]
