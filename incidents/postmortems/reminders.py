"""What is late is said once, to everybody who listens to incidents."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from incidents.postmortems.draft import summary_of
from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.selectors import unreviewed
from incidents.postmortems.services import postmortem_create
from incidents.postmortems.states import DUE_AFTER, Status, missing
from incidents.response.models import Incident
from incidents.response.states import Status as IncidentStatus
from incidents.response.writing import tell
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.sweeps import each
from opsconsole.outbox.messages import Message, render
from opsconsole.outbox.models import Channel, Topic
from opsconsole.outbox.services.deliveries import message_broadcast

_BATCH = 200


def missing_create(now: datetime) -> int:
    followed = _rounds_follow() + _summaries_renew()
    return followed + each(unreviewed()[:_BATCH], lambda incident: _draft(incident, now))


def _draft(incident: Incident, now: datetime) -> int:
    postmortem_create(actor=SYSTEM, incident=incident, now=now)
    return 1


def _rounds_follow() -> int:
    """What was opened again and is resolved anew: the draft is due later, and tells of the whole."""
    drafts = Postmortem.objects.filter(status=Status.DRAFT, incident__status=IncidentStatus.RESOLVED)
    behind = drafts.filter(due_at__lt=F("incident__resolved_at") + DUE_AFTER).select_related("incident")
    return sum(_follow(row) for row in behind[:_BATCH])


def _follow(row: Postmortem) -> int:
    assert row.incident.resolved_at
    due = row.incident.resolved_at + DUE_AFTER
    rows = Postmortem.objects.filter(pk=row.pk, status=Status.DRAFT)
    rows.filter(saved_at=None).update(summary=summary_of(row.incident))
    return rows.update(due_at=due, remind_at=due, required=row.incident.postmortem_required)


def _summaries_renew() -> int:
    """What was resolved before it was up again, or began before it was seen, lasted longer than its draft may say, unless
    somebody has written there."""
    drafts = Postmortem.objects.filter(status=Status.DRAFT, saved_at=None).select_related("incident")
    outlived = Q(incident__mitigated_at__gt=F("incident__resolved_at"))
    earlier = Q(incident__impact_start__lt=F("incident__detected_at"))
    said = [(row.pk, summary_of(row.incident)) for row in drafts.filter(outlived | earlier)[:_BATCH]]
    rows = Postmortem.objects.filter(status=Status.DRAFT, saved_at=None)
    return sum(rows.filter(pk=pk).exclude(summary=text).update(summary=text) for pk, text in said)


def late_remind(now: datetime) -> int:
    """Each postmortem and each action that is late, once."""
    drafts = Postmortem.objects.filter(remind_at__lte=now).values_list("pk", flat=True)[:_BATCH]
    actions = Action.objects.filter(remind_at__lte=now).values_list("pk", flat=True)[:_BATCH]
    late = [(_remind_draft, pk) for pk in drafts] + [(_remind_action, pk) for pk in actions]
    return each(late, lambda one: one[0](one[1], now))


@transaction.atomic
def _remind_draft(pk: int, now: datetime) -> bool:
    rows = Postmortem.objects.filter(pk=pk, remind_at__lte=now, status=Status.DRAFT)
    row = rows.select_for_update(of=("self",)).select_related("incident__assignee").first()
    if row is None:
        return False
    row.remind_at = None
    row.save(update_fields=["remind_at"])
    if row.waits:  # the next resolution sets another time
        return False
    tell(row.incident, "review_late", SYSTEM, now)
    context = {"postmortem": row, "incident": row.incident, "missing": list(missing(row))}
    _broadcast(
        "postmortem_late",
        f"postmortem.late:{row.pk}:{int(row.due_at.timestamp())}",
        row.incident,
        context,
        now,
    )
    return True


@transaction.atomic
def _remind_action(pk: int, now: datetime) -> bool:
    rows = Action.objects.filter(pk=pk, remind_at__lte=now, done_at=None)
    row = rows.select_for_update(of=("self",)).select_related("postmortem__incident", "owner").first()
    if row is None:
        return False
    row.remind_at = None
    row.save(update_fields=["remind_at"])
    incident = row.postmortem.incident
    tell(incident, "action_late", SYSTEM, now, title=row.title, owner=str(row.owner or "nobody"))
    context = {"action": row, "incident": incident}
    _broadcast("action_late", f"action.late:{row.pk}:{row.due_on}", incident, context, now)
    return True


def _broadcast(name: str, event: str, incident: Incident, context: dict[str, Any], now: datetime) -> None:
    path = reverse("postmortems:detail", args=[incident.number])
    url = settings.OPSCONSOLE_URL + path

    def message_for(_channel: Channel) -> Message:
        data = {"event": event.partition(":")[0], "incident": str(incident), "url": url}
        return render(name, context | {"url": url}, data=data)

    message_broadcast(event=event, topic=Topic.INCIDENTS, message_for=message_for, now=now, about=path)
