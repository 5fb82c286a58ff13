"""Pure rules: what an answer is worth now, what still needs a person, what a run amounts to, and how runs move."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from django.db import models

from opsconsole.measures.verdicts import Reading, Rule, Verdict, worst


class ItemKind(models.TextChoices):
    MANUAL = "manual", "A person answers"
    MEASURE = "measure", "A measure answers"
    CHECK = "check", "A check answers"


class AnswerKind(models.TextChoices):
    TICK = "tick", "Done or not"
    NUMBER = "number", "A number"
    TEXT = "text", "A text"
    CHOICE = "choice", "One of several"


class Source(models.TextChoices):
    MACHINE = "machine", "The console"
    PERSON = "person", "A person"


class Settled(models.TextChoices):
    """What a person did about an answer; empty while nobody did anything."""

    DONE = "done", "Done"
    NOTED = "noted", "Noted"
    SKIPPED = "skipped", "Skipped"
    INCIDENT = "incident", "Incident opened"


class RunStatus(models.TextChoices):
    OPEN = "open", "Open"
    SIGNED = "signed", "Signed off"
    MISSED = "missed", "Missed"


# A missed run stays signable and is marked late; what is signed stays signed.
TRANSITIONS: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.OPEN: frozenset({RunStatus.SIGNED, RunStatus.MISSED}),
    RunStatus.MISSED: frozenset({RunStatus.SIGNED}),
    RunStatus.SIGNED: frozenset(),
}
LONGEST_PAUSE = timedelta(minutes=5)


def may_become(old: str, new: str) -> bool:
    return RunStatus(new) in TRANSITIONS[RunStatus(old)]


class Answered(Protocol):
    """The fields of an answer that the rules read."""

    kind: str
    verdict: str
    source: str
    read_at: datetime | None
    freshness_minutes: int
    settled: str


def is_stale(answer: Answered, now: datetime) -> bool:
    """A machine's answer that nobody has taken over and that is older than its limit says nothing any more."""
    if answer.source != Source.MACHINE or answer.settled:
        return False
    return answer.read_at is None or now - answer.read_at > timedelta(minutes=answer.freshness_minutes)


def standing(answer: Answered, now: datetime) -> Verdict:
    """The verdict of an answer in an open run; unknown when nobody has answered, or too long ago."""
    if not answer.source or is_stale(answer, now):
        return Verdict.UNKNOWN
    return Verdict(answer.verdict)


def needs_person(answer: Answered, now: datetime) -> bool:
    """Whether it must be done, noted, skipped or made an incident before the run can be signed off."""
    return not answer.settled and standing(answer, now) != Verdict.OK


def judge_number(number: float | None, rule: Rule | None) -> Verdict:
    """A person's number: fine without a rule, unknown without a number."""
    return (rule or Rule()).judge(Reading(number))


def judge_choice(chosen: str, choices: list[str]) -> Verdict:
    """The first choice is the one that is wanted."""
    return Verdict.OK if choices and chosen == choices[0] else Verdict.LOOK


def run_verdict(answers: Iterable[Answered], now: datetime) -> Verdict:
    """The worst of its answers. What was skipped was not verified."""
    return worst([Verdict.UNKNOWN if a.settled == Settled.SKIPPED else standing(a, now) for a in answers])


def time_spent(before: datetime | None, now: datetime) -> int:
    """Seconds that a touch adds to the time taken; a long pause counts as five minutes, since nobody was at it."""
    return 0 if before is None else int(max(timedelta(), min(now - before, LONGEST_PAUSE)).total_seconds())
