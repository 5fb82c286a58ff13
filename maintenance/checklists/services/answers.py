"""What people do about an answer. Everything here can be undone while its run is unsigned.

`seen` is the stamp that the page showed: what somebody else did about the answer since is never written over, and never undone.
Without it nothing is compared.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from incidents.response.opening import incident_open
from maintenance.checklists.models import Answer
from maintenance.checklists.services.runs import run_touch
from maintenance.checklists.sheet import overtaken
from maintenance.checklists.states import (
    AnswerKind,
    ItemKind,
    Settled,
    Source,
    judge_choice,
    judge_number,
    standing,
)
from opsconsole.accounts.selectors import Actor, person
from opsconsole.lib.figures import parsed
from opsconsole.measures.verdicts import Verdict


@transaction.atomic
def item_done(*, actor: Actor, answer: Answer, now: datetime, seen: str = "") -> Answer:
    """Tick it. What the machine could not verify counts as verified by this person; what it found bad stays bad, dealt with.

    Raises ValidationError where a value is wanted first, or the run is signed off.
    """
    answer = _working(actor, answer, now, seen)
    if answer.kind == ItemKind.MANUAL and answer.answer_kind != AnswerKind.TICK and not answer.source:
        raise ValidationError({"value": f"“{answer.question}” wants {_wanted(answer)} first."})
    if standing(answer, now) == Verdict.UNKNOWN:
        answer.verdict, answer.source = Verdict.OK, Source.PERSON
    return _settle(actor, answer, Settled.DONE, now)


def _wanted(answer: Answer) -> str:
    return {AnswerKind.NUMBER: "a number", AnswerKind.TEXT: "a few words"}.get(
        AnswerKind(answer.answer_kind), "a choice"
    )


@transaction.atomic
def answer_value(*, actor: Actor, answer: Answer, value: str, now: datetime, seen: str = "") -> Answer:
    """Answer a manual item by its value. A value that is not fine still needs a note, a reason, an incident, or “done”.

    Raises ValidationError on the field `value`.
    """
    answer = _working(actor, answer, now, seen)
    if answer.kind != ItemKind.MANUAL:
        raise ValidationError({"value": "This item is answered by the console; note what you found instead."})
    answer.verdict = _take(answer, value.strip())
    answer.source, answer.read_at = Source.PERSON, now
    if answer.verdict == Verdict.OK:
        return _settle(actor, answer, Settled.DONE, now)
    answer.settled, answer.settled_by = "", person(actor)
    answer.save()
    return answer


def _take(answer: Answer, value: str) -> Verdict:
    """Put the value into the answer and judge it."""
    if answer.answer_kind == AnswerKind.NUMBER:
        number = _number(value)
        past = (
            answer.trend[:-1] if answer.number is not None else answer.trend
        )  # a correction takes its place
        answer.number, answer.trend = number, [*past, number][-14:]
        return judge_number(answer.number, answer.rule)
    if not value:
        raise ValidationError({"value": f"Write {_wanted(answer)}, or skip the item with a reason."})
    if answer.answer_kind == AnswerKind.CHOICE and value not in answer.choices:
        raise ValidationError({"value": f"Choose one of: {', '.join(answer.choices)}."})
    answer.text = value
    return judge_choice(value, answer.choices) if answer.answer_kind == AnswerKind.CHOICE else Verdict.OK


def _number(value: str) -> float:
    """“1,234.5”, “4.6 %”. Raises ValidationError on the field."""
    try:
        number = parsed(value)
    except ValueError as error:
        raise ValidationError({"value": str(error)}) from None
    if not abs(number) <= 1e15:
        raise ValidationError({"value": "Write a number between -10^15 and 10^15."})
    return number


@transaction.atomic
def item_note(*, actor: Actor, answer: Answer, note: str, now: datetime, seen: str = "") -> Answer:
    """Say something about it; an exception is settled by that. Raises ValidationError for an empty note."""
    if not note.strip():
        raise ValidationError({"note": "Write what you found or did."})
    answer = _working(actor, answer, now, seen)
    answer.note = note.strip()
    return _settle(actor, answer, Settled(answer.settled or Settled.NOTED), now)


@transaction.atomic
def item_skip(*, actor: Actor, answer: Answer, reason: str, now: datetime, seen: str = "") -> Answer:
    """Leave it out this time. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is left out this time; the history keeps it."})
    answer = _working(actor, answer, now, seen)
    answer.skip_reason = reason.strip()[:250]
    return _settle(actor, answer, Settled.SKIPPED, now)


@transaction.atomic
def incident_from_item(
    *, actor: Actor, answer: Answer, title: str, severity: int, now: datetime, seen: str = ""
) -> Answer:
    """Open an incident about it; a second one joins the first while that is open. Raises ValidationError as above."""
    if not title.strip():
        raise ValidationError({"title": "Say in a few words what is wrong."})
    answer = _working(actor, answer, now, seen)
    opened = incident_open(
        actor=actor,
        title=title.strip(),
        severity=severity,
        now=now,
        source=f"checklist:{answer.pk}",
        description=f"Found by the checklist: {answer.question}. {answer.detail}".strip(),
    )
    answer.incident_number = opened.number
    return _settle(actor, answer, Settled.INCIDENT, now)


@transaction.atomic
def item_undo(*, actor: Actor, answer: Answer, now: datetime, seen: str = "") -> Answer:
    """Open it again. What was typed stays in its field; an incident that was opened stays open."""
    answer = _working(actor, answer, now, seen)
    answer.settled, answer.settled_at, answer.settled_by = "", None, None
    if answer.source == Source.PERSON:
        answer.verdict = Verdict.UNKNOWN
        answer.source = "" if answer.kind == ItemKind.MANUAL else Source.MACHINE
    answer.save()
    return answer


def _working(actor: Actor, answer: Answer, now: datetime, seen: str) -> Answer:
    """The answer as it is now, its run locked and touched.

    Raises ValidationError when the run is signed off, and when the answer is not what was `seen` any more.
    """
    run_touch(actor=actor, run=answer.run, now=now)
    rows = Answer.objects.select_for_update(of=("self",)).select_related("run", "settled_by")
    stored = rows.get(pk=answer.pk)
    if seen and seen != stored.stamp:
        raise ValidationError(overtaken(stored, now))
    return stored


def _settle(actor: Actor, answer: Answer, how: Settled, now: datetime) -> Answer:
    answer.settled, answer.settled_at, answer.settled_by = how, now, person(actor)
    answer.save()
    return answer
