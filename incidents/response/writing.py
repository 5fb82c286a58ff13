"""What every change of an incident is made of: its number and targets, the row with its next look, and the timeline."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from incidents.response.models import Incident, Sequence, SeverityPolicy, TimelineEntry
from incidents.response.states import Severity, next_look
from opsconsole.accounts.selectors import Actor, person


def tell(
    incident: Incident, kind: str, actor: Actor, at: datetime, *, key: str = "", body: str = "", **data: Any
) -> bool:
    """Write a timeline entry; with a `key` only once. Whether it was written. Values of `data` must be JSON-able."""
    fields = _fields(kind, actor, at, body, data)
    if key:
        return TimelineEntry.objects.get_or_create(incident=incident, key=key, defaults=fields)[1]
    TimelineEntry.objects.create(incident=incident, **fields)
    return True


def line(
    incident: Incident, kind: str, actor: Actor, at: datetime, *, key: str = "", body: str = "", **data: Any
) -> TimelineEntry:
    """A timeline entry that `tell_all` will write."""
    return TimelineEntry(incident=incident, key=key, **_fields(kind, actor, at, body, data))


def tell_all(lines: Iterable[TimelineEntry]) -> None:
    """Write many at once, but for those whose key is there."""
    TimelineEntry.objects.bulk_create(lines, batch_size=500, ignore_conflicts=True)


def _fields(kind: str, actor: Actor, at: datetime, body: str, data: dict[str, Any]) -> dict[str, Any]:
    signature = str(actor)[:100]
    return {
        "kind": kind,
        "at": at,
        "actor": person(actor),
        "signature": signature,
        "data": data,
        "body": body,
    }


def graded(severity: int) -> Severity:
    """Raises ValidationError, on the field, for what is no severity."""
    try:
        return Severity(severity)
    except ValueError:
        raise ValidationError({"severity": f"Choose one of {', '.join(Severity.labels)}."}) from None


def keep(incident: Incident, *, after: datetime | None = None) -> None:
    """Save the row; the sweep of clocks looks again when the next one (that runs out later than `after`) runs out."""
    incident.look_at = next_look(incident, after)
    incident.save()


def locked(incident: Incident) -> Incident:
    """The row as it is now, held until the transaction ends."""
    return Incident.objects.select_for_update(of=("self",)).select_related("service").get(pk=incident.pk)


def sequence_locked() -> Sequence:
    """The lock under which incidents open, one at a time, and their numbers are given out."""
    last = Incident.objects.aggregate(last=Max("number"))["last"] or 0
    Sequence.objects.get_or_create(name="incident", defaults={"last": last})
    return Sequence.objects.select_for_update().get(name="incident")


def number_next(sequence: Sequence) -> int:
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last


def aim(incident: Incident, policy: SeverityPolicy) -> None:
    """Freeze a policy's targets into the incident; all count from its opening (or its last reopening)."""
    incident.acknowledge_due_at = incident.opened_at + policy.acknowledge
    incident.resolve_due_at = incident.opened_at + policy.resolve
    incident.update_due_at = incident.opened_at + policy.update
    _freeze(incident, policy)


def aim_anew(incident: Incident, policy: SeverityPolicy, now: datetime, *, worse: bool) -> None:
    """The same for another severity. A stricter target counts from `now`, since nobody can have missed it before it was set;
    the earlier promise stands. A milder one counts from the opening. The change itself is news of the incident."""
    earlier = incident.acknowledge_due_at, incident.resolve_due_at
    aim(incident, policy)
    if worse:
        incident.acknowledge_due_at = min(earlier[0], now + policy.acknowledge)
        incident.resolve_due_at = min(earlier[1], now + policy.resolve)
    incident.update_due_at = now + policy.update


def _freeze(incident: Incident, policy: SeverityPolicy) -> None:
    incident.update_minutes = policy.update_minutes
    incident.postmortem_required = policy.postmortem_required and not incident.is_drill
