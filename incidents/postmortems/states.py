"""A postmortem is a draft until it is published; what it still wants, and whether it is late: pure rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from django.db import models

DUE_AFTER = timedelta(hours=48)  # after the resolution


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


class Transition(NamedTuple):
    source: Status
    target: Status


TRANSITIONS = {
    "publish": Transition(Status.DRAFT, Status.PUBLISHED),
    "revise": Transition(Status.PUBLISHED, Status.DRAFT),
}


def may(verb: str, status: str) -> bool:
    return Status(status) is TRANSITIONS[verb].source


@dataclass(frozen=True)
class Question:
    """A blank of the draft: the field that holds its answer, and what helps to answer it."""

    field: str
    text: str
    hint: str


QUESTIONS = (
    Question("customers", "What happened for customers?", "What they saw, how many of them, for how long."),
    Question(
        "why", "Why did it happen?", "The chain of causes, not the person: ask why until a change would help."
    ),
    Question(
        "unnoticed", "Why was it not caught earlier?", "Which test, review or check could have seen it."
    ),
    Question("helped", "What helped?", "What made it shorter or smaller, so that we keep it."),
    Question("improve", "What will change?", "The lessons; each that needs work becomes an action below."),
)


class Written(Protocol):
    """What the rules read of a postmortem."""

    status: str
    due_at: datetime
    root_cause: str
    customers: str
    why: str
    unnoticed: str
    helped: str
    improve: str

    @property
    def waits(self) -> bool: ...


def missing(postmortem: Written) -> Iterator[str]:
    """What must be written before it can be published, as people read it."""
    if not postmortem.root_cause.strip():
        yield "the root cause"
    for question in QUESTIONS:
        if not getattr(postmortem, question.field).strip():
            yield f"“{question.text}”"


def is_late(postmortem: Written, now: datetime) -> bool:
    """While its incident is open again, it cannot be finished and so is not late."""
    return postmortem.status == Status.DRAFT and not postmortem.waits and postmortem.due_at < now


class Due(Protocol):
    """What the rules read of an action."""

    due_on: date
    done_at: datetime | None


def was_kept(action: Due, zone: ZoneInfo) -> bool:
    """Whether an action was done before its day was over."""
    return action.done_at is not None and action.done_at.astimezone(zone).date() <= action.due_on


def is_overdue(action: Due, today: date) -> bool:
    """An action is in time until its day has passed."""
    return action.done_at is None and action.due_on < today
