"""Rows for tests of incidents."""

from datetime import timedelta
from typing import Any

from incidents.response.models import Incident
from incidents.response.opening import incident_open
from monitoring.catalogue.models import Service, StatusChange
from monitoring.catalogue.states import Status
from opsconsole.accounts.roles import SYSTEM
from opsconsole.outbox.models import Channel
from tests.conftest import NOW


def service(name: str = "Checkout", tier: int = 1, **fields: Any) -> Service:
    return Service.objects.get_or_create(name=name, slug=name.lower(), defaults={"tier": tier} | fields)[0]


def change(
    of: Service, new: Status = Status.DOWN, old: Status = Status.UP, at=NOW, **fields: Any
) -> StatusChange:
    """A confirmed change of the service's first probe, noticed half a minute after it began."""
    defaults = {
        "source": f"probe:{of.pk}",
        "title": of.name,
        "reason": "answered 502" if new == Status.DOWN else "",
        "noticed_at": at + timedelta(seconds=30),
    }
    return StatusChange.objects.create(service=of, old=old, new=new, at=at, **(defaults | fields))


def incident(title: str = "Checkout is down", severity: int = 1, now=NOW, **fields: Any) -> Incident:
    return incident_open(actor=fields.pop("actor", SYSTEM), title=title, severity=severity, now=now, **fields)


def resolved(title: str = "Checkout is down", now=NOW, **fields: Any) -> Incident:
    """The row of an incident that is over, without what its resolution would have set going."""
    row = incident(title, now=now, **fields)
    Incident.objects.filter(pk=row.pk).update(status="resolved", resolved_at=now, mitigated_at=now)
    row.refresh_from_db()
    return row


def channel(name: str = "Ops mail", **fields: Any) -> Channel:
    return Channel.objects.create(
        name=name, **({"kind": "email", "config": {"address": "ops@example.com"}} | fields)
    )
