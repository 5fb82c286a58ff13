"""A run as people read it: each answer with what it is worth now, and the whole in a sentence."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from maintenance.checklists.models import Answer, Run
from maintenance.checklists.states import (
    AnswerKind,
    ItemKind,
    Settled,
    Source,
    is_stale,
    needs_person,
    standing,
)
from maintenance.checklists.words import need_words, rule_words
from opsconsole.lib.phrases import capital
from opsconsole.measures.verdicts import ORDER, Verdict
from opsconsole.ui.templatetags.ui import ago, said

BEFORE = 14  # earlier answers to the same question


@dataclass(frozen=True)
class Row:
    """An answer with what it is worth now."""

    answer: Answer
    verdict: Verdict
    now: datetime

    @property
    def is_waiting(self) -> bool:
        """Only a person can answer it, and nobody has."""
        return self.answer.kind == ItemKind.MANUAL and not self.answer.source

    @property
    def wants_value(self) -> bool:
        """A tick is not enough: a number, some words or a choice are wanted first."""
        return self.is_waiting and self.answer.answer_kind != AnswerKind.TICK

    @property
    def is_correctable(self) -> bool:
        """A person gave a value that needs somebody: perhaps it was a slip."""
        asked = self.answer.kind == ItemKind.MANUAL and self.answer.answer_kind != AnswerKind.TICK
        return asked and self.answer.source == Source.PERSON and not self.answer.settled

    @property
    def word(self) -> str:
        return "To do" if self.is_waiting else self.verdict.label

    @property
    def value(self) -> str:
        """What stands at the end of the row; a text that a person wrote stands below the question instead."""
        a = self.answer
        if self.is_waiting or a.answer_kind == AnswerKind.TEXT:
            return ""
        return a.value or ("–" if a.source == Source.MACHINE else "")

    @property
    def account(self) -> str:
        """Who settled it, how and why; for the machine's own answers what it found."""
        a = self.answer
        if not a.settled:
            return self.why
        why = a.skip_reason if a.settled == Settled.SKIPPED else a.note
        words = f"{a.get_settled_display()} by {a.settled_by or 'somebody'}{f': {why}' if why else ''}"
        return f"{words} ({a.detail})" if a.detail and self.verdict != Verdict.OK else words

    @property
    def why(self) -> str:
        """Why it is judged so, in a line that begins with a capital."""
        return capital(self._why())

    def _why(self) -> str:
        a = self.answer
        if is_stale(a, self.now):
            last = f"last read {ago(a.read_at, self.now)}" if a.read_at else "never read"
            return f"Could not verify: {last}{f'; {a.detail}' if a.detail else ''}"
        if a.answer_kind == AnswerKind.TEXT and not self.is_waiting:
            return a.text
        parts = [rule_words(a.rule, a.unit) if a.rule and a.kind == ItemKind.MANUAL else a.detail]
        parts += [a.help] if self.is_waiting else []
        return "; ".join(part for part in parts if part) or a.help


@dataclass(frozen=True)
class Sheet:
    """A run as it stands: what needs a person (worst first), what people dealt with, and what is fine."""

    run: Run
    needs: list[Row]
    handled: list[Row]
    fine: list[Row]

    @property
    def total(self) -> int:
        return len(self.needs) + len(self.handled) + len(self.fine)

    @property
    def waiting(self) -> int:
        return sum(row.is_waiting for row in self.needs)

    @property
    def by_machine(self) -> int:
        return sum(row.answer.source == Source.MACHINE for row in self.needs + self.handled + self.fine)

    @property
    def read_at(self) -> datetime | None:
        """When the machine last read anything."""
        return max(_reads(self.needs + self.handled + self.fine), default=None)

    @property
    def fine_words(self) -> str:
        return f"{len(self.fine)} fine"

    @property
    def handled_words(self) -> str:
        return f"{len(self.handled)} dealt with"

    @property
    def fine_by(self) -> str:
        """“verified by machine at 08:50”, “12 verified by machine between 08:46 and 08:50, 3 answered by people”."""
        reads = _reads(self.fine)
        people = len(self.fine) - len(reads)
        if not reads:
            return "answered by people"
        machine = f"verified by machine {_between(min(reads), max(reads))}"
        return f"{len(reads)} {machine}, {people} answered by people" if people else machine

    @property
    def headline(self) -> str:
        """What is true now, as a heading."""
        if self.run.signed_at:
            return "Signed off." if self.run.verdict == Verdict.OK else "Signed off, with what was found."
        if not self.run.opened_at:
            return "Missed: the console was stopped."
        if self.needs:
            rest = " Everything else is fine." if self.fine and not self.handled else ""
            return f"{need_words(len(self.needs) - self.waiting, self.waiting)}.{rest}"
        return "All is dealt with. Sign off." if self.handled else "Everything is fine. Sign off."


def _reads(rows: list[Row]) -> list[datetime]:
    return [r.answer.read_at for r in rows if r.answer.read_at and r.answer.source == Source.MACHINE]


def _between(first: datetime, last: datetime) -> str:
    """On the reader's clock; one minute is said once."""
    begun, ended = said(timezone.localtime(first), "bare"), said(timezone.localtime(last), "bare")
    return f"at {ended}" if begun == ended else f"between {begun} and {ended}"


def row(answer: Answer, now: datetime) -> Row:
    signed = answer.run.signed_at
    return Row(answer, Verdict(answer.verdict) if signed else standing(answer, now), signed or now)


def overtaken(answer: Answer, now: datetime) -> str:
    """What somebody did about it while another page still showed something else, in a sentence."""
    found = row(answer, now)
    value = f": {found.value}" if found.value and answer.source == Source.PERSON else ""
    did = f"{found.account}{value}" if answer.settled else f"it is open again{value}"
    return (
        f"“{answer.question}” has changed since this page showed it: {did}."
        " Nothing of yours was written; do it again if you still want to."
    )


def before(answer: Answer) -> list[Row]:
    """The same question in earlier runs, newest first."""
    if answer.item_id is None:
        return []
    earlier = Answer.objects.filter(item=answer.item_id, run__due_at__lt=answer.run.due_at)
    found = earlier.select_related("run", "settled_by").order_by("-run__due_at")[:BEFORE]
    return [Row(a, Verdict(a.verdict), a.run.signed_at or a.run.due_at) for a in found]


def sheet(run: Run, now: datetime) -> Sheet:
    """Two queries at the most, however many answers. A signed run is shown as it was frozen."""
    answers = list(run.answers.select_related("settled_by"))
    rows = [
        Row(a, Verdict(a.verdict) if run.signed_at else standing(a, now), run.signed_at or now)
        for a in answers
    ]
    needs = [r for r in rows if not run.signed_at and needs_person(r.answer, now)]
    rest = [r for r in rows if r not in needs]
    fine = [r for r in rest if r.verdict == Verdict.OK and r.answer.settled in ("", Settled.DONE)]
    handled = [r for r in rest if r not in fine]
    return Sheet(run, sorted(needs, key=_urgency), handled, fine)


def _urgency(row: Row) -> tuple[int, int]:
    """Bad first; what only a person can answer after what the machine found."""
    return (len(ORDER) if row.is_waiting else ORDER.index(row.verdict), row.answer.position)


def sections(run: Run) -> list[tuple[str, list[Row]]]:
    """All answers of a run by section, as they stood when it was signed."""
    found: dict[str, list[Row]] = {}
    for answer in run.answers.select_related("settled_by"):
        answer.run = run
        found.setdefault(answer.section, []).append(row(answer, run.signed_at or run.due_at))
    return list(found.items())
