"""The two writes that every change of an incident is made of: the row with its next look, and the timeline."""

from datetime import datetime
from typing import Any

from incidents.response.models import Incident, TimelineEntry
from incidents.response.states import next_look
from opsconsole.accounts.selectors import Actor, person


def tell(
    incident: Incident, kind: str, actor: Actor, at: datetime, *, key: str = "", body: str = "", **data: Any
) -> bool:
    """Write a timeline entry; with a `key` only once. Whether it was written. Values of `data` must be JSON-able."""
    fields = {
        "kind": kind,
        "at": at,
        "actor": person(actor),
        "signature": str(actor)[:100],
        "data": data,
        "body": body,
    }
    if key:
        return TimelineEntry.objects.get_or_create(incident=incident, key=key, defaults=fields)[1]
    TimelineEntry.objects.create(incident=incident, **fields)
    return True


def keep(incident: Incident, *, after: datetime | None = None) -> None:
    """Save the row; the sweep of clocks looks again when the next one (that runs out later than `after`) runs out."""
    incident.look_at = next_look(incident, after)
    incident.save()


def locked(incident: Incident) -> Incident:
    """The row as it is now, held until the transaction ends."""
    return Incident.objects.select_for_update(of=("self",)).select_related("service").get(pk=incident.pk)
