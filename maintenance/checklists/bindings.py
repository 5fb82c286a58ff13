"""What a machine can answer: a measure, a check, or one of a family (“heartbeat:backup-database”).

A binding to something that does not exist is answered too: not verified, and what to do about it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from maintenance.checklists.models import Question
from maintenance.checklists.states import ItemKind
from maintenance.checklists.words import rule_words
from opsconsole.lib.figures import per_cent, written
from opsconsole.lib.periods import Period
from opsconsole.lib.registry import Registry
from opsconsole.measures.checks import Check, Evidence, checks
from opsconsole.measures.registry import measures
from opsconsole.measures.selectors import read
from opsconsole.measures.verdicts import Reading, Verdict


@dataclass(frozen=True)
class Found:
    """A machine's answer: the fields of an answer that it fills."""

    verdict: str
    number: float | None
    text: str
    detail: str
    evidence_url: str
    read_at: datetime
    unit: str = ""
    trend: list[float | None] = field(default_factory=list)


@dataclass(frozen=True)
class Family:
    """Checks that come with a name after the colon. `options()` lists (binding, title) for the form."""

    title: str
    look: Callable[[str, datetime], Evidence]
    options: Callable[[], list[tuple[str, str]]]


families: Registry[Family] = Registry("family of checks")


def find(question: Question, now: datetime) -> Found:
    """Answer a bound question now. Never an exception; what cannot be read is not verified."""
    if question.kind == ItemKind.MEASURE:
        return _measured(question, now)
    return _of(_look(question.binding, now))


def _measured(question: Question, now: datetime) -> Found:
    measure = measures.get(question.binding)
    if measure is None:
        return _missing("measure", question.binding, now)
    judged = read(question.binding, Period(now - timedelta(hours=question.window_hours), now))
    rule, reading = question.rule or measure.rule, judged.reading
    verdict = rule.judge(reading)
    parts = [reading.detail, rule_words(rule, measure.unit)]
    if verdict == Verdict.UNKNOWN:
        parts = [_unverified(reading), *parts[: reading.value is not None]]
    said = "; ".join(part for part in parts if part)
    return Found(
        verdict,
        reading.value,
        str(written(reading.value, measure.unit, measure.digits)),
        said,
        reading.evidence_url,
        now,
        measure.unit,
    )


def _unverified(reading: Reading) -> str:
    """Why no verdict hangs on it: too little of the time was measured, or nothing."""
    if reading.value is not None:
        share = f"only {per_cent(reading.coverage, 0)}" if reading.coverage >= 0.01 else "less than 1 %"
        return f"Could not verify: {share} of this time was measured"
    return reading.detail or "Could not verify: nothing was measured in this time"


def _look(binding: str, now: datetime) -> Evidence:
    check = checks.get(binding) or _of_family(binding)
    return check.evidence(now) if check else Evidence(Verdict.UNKNOWN, "–", _no("check", binding), "", now)


def _of_family(binding: str) -> Check | None:
    kin, _, name = binding.partition(":")
    family = families.get(kin)
    return Check(binding, family.title, partial(family.look, name)) if family and name else None


def _of(evidence: Evidence) -> Found:
    return Found(evidence.verdict, None, evidence.value, evidence.detail, evidence.url, evidence.read_at)


def _missing(what: str, binding: str, now: datetime) -> Found:
    return Found(Verdict.UNKNOWN, None, "–", _no(what, binding), "", now)


def _no(what: str, binding: str) -> str:
    return f"Could not verify: this console has no {what} named “{binding}”. Bind the item to another, or answer it yourself."


def titles() -> dict[str, str]:
    """What people call everything that can answer: title by binding. As many queries as there are families."""
    return {binding: title for _, group in options() for binding, title in group}


def answerer(question: Question, known: Mapping[str, str]) -> str:
    """“a person”, “the console”, “the console, from “Uptime””; `known` is what `titles()` gives."""
    if not question.binding:
        return "a person"
    title = known.get(question.binding)
    if title is None:
        return f"the console, from “{question.binding}”, which is not here"
    return "the console" if title == question.question else f"the console, from “{title}”"


def options() -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything an item can be bound to, grouped, for the form."""
    groups = [
        ("Measures", [(m.slug, m.title) for m in measures]),
        ("Checks", [(c.slug, c.title) for c in checks]),
    ]
    return groups + [(f.title, f.options()) for f in families]
