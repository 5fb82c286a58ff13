"""Writers for the sweeps: runs are opened, answered by the machine, read again, and called missed."""

from collections import deque
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from maintenance.checklists.bindings import Found, find
from maintenance.checklists.models import Answer, Item, Question, Run, Template
from maintenance.checklists.selectors import trends
from maintenance.checklists.services.templates import next_at
from maintenance.checklists.states import ItemKind, RunStatus, Source
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib.claims import held
from opsconsole.lib.sweeps import each
from opsconsole.outbox.messages import render
from opsconsole.outbox.models import Topic
from opsconsole.outbox.services.deliveries import message_broadcast

COPIED = [f.name for f in Question._meta.local_fields]
MOST_MISSED = 400  # occurrences of one template that a long stop is recorded with


def run_open(*, template: Template, now: datetime) -> Run | None:
    """Open the latest due occurrence of a claimed template and record older ones as missed.

    The machine reads outside the transaction. None when the lease was lost meanwhile: somebody else has opened it.
    """
    due = _occurrences(template, now)
    questions = list(template.items.all())
    answers = _answered(questions, now)
    with transaction.atomic():
        if not held(template).select_for_update().exists():
            return None
        _record_missed(template, due[:-1], now)
        run, fresh = _run(template, due[-1], now)
        if fresh:
            Answer.objects.bulk_create(Answer(run=run, **fields) for fields in answers)
        template.next_at = next_at(template, now)
        held(template).update(next_at=template.next_at, leased_until=None)
    return run


def _occurrences(template: Template, now: datetime) -> list[datetime]:
    """Every occurrence from the one that is due until now, oldest first; at least one."""
    first = template.next_at or now
    later = template.schedule(team_zone().key).between(
        first + timedelta(microseconds=1), now + timedelta(microseconds=1)
    )
    return [first, *deque(later, maxlen=MOST_MISSED)]


def _run(template: Template, due_at: datetime, now: datetime) -> tuple[Run, bool]:
    deadline = due_at + timedelta(minutes=template.deadline_minutes)
    return Run.objects.get_or_create(
        template=template,
        due_at=due_at,
        defaults={"name": template.name, "deadline_at": deadline, "opened_at": now},
    )


def _record_missed(template: Template, due: list[datetime], now: datetime) -> None:
    span = timedelta(minutes=template.deadline_minutes)
    Run.objects.bulk_create(
        (
            Run(
                template=template,
                name=template.name,
                due_at=at,
                deadline_at=at + span,
                status=RunStatus.MISSED,
                missed_at=now,
            )
            for at in due
        ),
        ignore_conflicts=True,
    )


def _answered(items: list[Item], now: datetime) -> list[dict[str, Any]]:
    """The fields of each item's answer: its copy, and what the machine found."""
    past = trends(items, now)
    return [copied(item) | {"item": item} | _fill(item, now, past.get(item.pk, [])) for item in items]


def copied(question: Question) -> dict[str, Any]:
    """The fields of a question as they are now."""
    return {name: getattr(question, name) for name in COPIED}


def _fill(question: Question, now: datetime, past: list[float | None]) -> dict[str, Any]:
    if question.kind == ItemKind.MANUAL:
        return {"trend": past}
    return _found(find(question, now), past)


def _found(found: Found, past: list[float | None]) -> dict[str, Any]:
    fields = asdict(found) | {"source": Source.MACHINE}
    fields["trend"] = [*past, found.number][-14:] if found.number is not None else []
    fields["unit"] = found.unit[:20]
    return fields


def run_refresh(*, run: Run, now: datetime) -> int:
    """Read the machine's answers of a run again, except those that a person has settled. Returns how many changed hands."""
    waiting = list(run.answers.exclude(kind=ItemKind.MANUAL).filter(settled=""))
    found = [(answer, find(answer, now)) for answer in waiting]
    with transaction.atomic():
        if not _signable(run).select_for_update().exists():
            return 0
        return sum(_write(answer, answer_found) for answer, answer_found in found)


def _write(answer: Answer, found: Found) -> int:
    past = answer.trend[:-1] if answer.number is not None else answer.trend
    return Answer.objects.filter(pk=answer.pk, settled="").update(**_found(found, past))


def _signable(run: Run) -> Any:
    return Run.objects.filter(pk=run.pk, signed_at=None)


def runs_miss(*, now: datetime) -> int:
    """Call runs missed whose deadline has passed, and say so once each."""
    late = Run.objects.filter(status=RunStatus.OPEN, deadline_at__lte=now).select_related(
        "template", "handed_to"
    )
    return each(late[:100], lambda run: _miss(run, now))


@transaction.atomic
def _miss(run: Run, now: datetime) -> int:
    changed = Run.objects.filter(pk=run.pk, status=RunStatus.OPEN).update(
        status=RunStatus.MISSED, missed_at=now
    )
    if changed:
        url = reverse("checklists:run", args=[run.pk])
        message = render("checklist_missed", {"run": run, "url": url, "zone": team_zone()}, data=_data(run))
        message_broadcast(
            event=f"checklist.missed:{run.pk}",
            topic=Topic.CHECKLISTS,
            message_for=lambda _channel: message,
            now=now,
            about=url,
        )
    return changed


def _data(run: Run) -> dict[str, Any]:
    return {
        "event": "checklist.missed",
        "checklist": run.name,
        "run": run.pk,
        "due_at": run.due_at.isoformat(),
        "deadline_at": run.deadline_at.isoformat(),
    }
