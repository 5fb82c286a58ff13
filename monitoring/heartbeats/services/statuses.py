"""A heartbeat's status and when it is looked at again; call all of it in a transaction that holds the row."""

from datetime import datetime

from django.urls import reverse

from monitoring.catalogue.services import status_change_record
from monitoring.catalogue.states import Status
from monitoring.heartbeats import judgement
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.states import OPEN, may_become


def held(heartbeat: Heartbeat) -> Heartbeat:
    """The row as it is now, locked against the sweep and other people, but not against pings."""
    return Heartbeat.objects.select_for_update(no_key=True).get(pk=heartbeat.pk)


def status_set(heartbeat: Heartbeat, new: Status, *, at: datetime, reason: str, now: datetime) -> bool:
    """The one place where a heartbeat's status changes: the row's fields (not saved here) and the durable record.

    Call it in a transaction that holds the row. A move that the table does not allow changes nothing and returns False.
    """
    old = Status(heartbeat.status)
    if not may_become(old, new):
        return False
    heartbeat.status, heartbeat.status_since, heartbeat.status_reason = new, at, reason
    status_change_record(
        service_id=heartbeat.service_id,
        source=heartbeat.source,
        title=heartbeat.name,
        old=old,
        new=new,
        reason=reason,
        at=at,
        noticed_at=now,
        evidence_url=reverse("heartbeats:detail", args=[heartbeat.pk]),
    )
    return True


def count_from(beat: Heartbeat, now: datetime) -> None:
    """Expect the next report counted from now; one that never reported is not expected at all."""
    if beat.last_ping_at:
        beat.counted_from, beat.expected_at = now, beat.plan.expected_after(now)


def look_again(beat: Heartbeat) -> datetime | None:
    return judgement.look_again(beat, beat.runs.filter(outcome__in=OPEN))
