"""Readers of checklists."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from maintenance.checklists.models import Answer, Item, Run, Template
from maintenance.checklists.states import (
    AnswerKind,
    ItemKind,
    RunStatus,
    Settled,
    Source,
    is_stale,
    needs_person,
    standing,
)
from maintenance.checklists.words import quantity, rule_words, things
from opsconsole.accounts.selectors import team_zone
from opsconsole.measures.models import DailyValue
from opsconsole.measures.verdicts import Verdict
from opsconsole.ui.charts import Bar
from opsconsole.ui.templatetags.ui import ago, said

TREND = 14
LATE_FOR = timedelta(hours=24)  # how long a missed run is still kept fresh and offered


def trends(items: Collection[Item], now: datetime) -> dict[int, list[float | None]]:
    """Up to 13 values before now for each item by its id: kept days of a measure, or what people answered before."""
    today = now.astimezone(team_zone()).date()
    days = _days(
        [i.binding for i in items if i.kind == ItemKind.MEASURE], today - timedelta(days=TREND - 1), today
    )
    numbers = _numbers(
        [i.pk for i in items if i.answer_kind == AnswerKind.NUMBER and i.kind == ItemKind.MANUAL]
    )
    return {i.pk: days[i.binding] if i.kind == ItemKind.MEASURE else numbers[i.pk] for i in items}


def _days(slugs: list[str], first: object, today: object) -> dict[str, list[float | None]]:
    found: dict[str, list[float | None]] = defaultdict(list)
    kept = DailyValue.objects.filter(measure__in=slugs, day__gte=first, day__lt=today).order_by("day")
    for slug, value in kept.values_list("measure", "value"):
        found[slug].append(value)
    return found


def _numbers(items: list[int]) -> dict[int, list[float | None]]:
    found: dict[int, list[float | None]] = defaultdict(list)
    past = Answer.objects.filter(item__in=items, number__isnull=False, source=Source.PERSON).order_by(
        "-run__due_at"
    )
    for item, value in past.values_list("item", "number")[: len(items) * (TREND - 1)]:
        found[item].insert(0, value)
    return found


def latest_unsigned(now: datetime) -> QuerySet[Run]:
    """Runs to work on, the one due first before others: open, or missed less than a day ago, and not replaced by a newer."""
    newer = Run.objects.filter(template=OuterRef("template"), due_at__gt=OuterRef("due_at"))
    return (
        Run.objects.filter(Q(status=RunStatus.OPEN) | Q(missed_at__gt=now - LATE_FOR))
        .filter(~Exists(newer), opened_at__isnull=False, signed_at=None)
        .select_related("template", "handed_to")
        .order_by("due_at", "id")
    )


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
    def word(self) -> str:
        return "To do" if self.is_waiting else self.verdict.label

    @property
    def value(self) -> str:
        """What stands at the end of the row; a text that a person wrote stands below the question instead."""
        a = self.answer
        if a.number is not None and not a.text:
            return (
                "–" if self.is_waiting else quantity(a.number, a.unit, 0 if a.number == int(a.number) else 1)
            )
        return (
            "" if a.answer_kind == AnswerKind.TEXT else a.text or ("" if a.source == Source.PERSON else "–")
        )

    @property
    def account(self) -> str:
        """Who settled it, how and why; for the machine's own answers what it found."""
        a = self.answer
        if not a.settled:
            return self.why
        said = a.skip_reason if a.settled == Settled.SKIPPED else a.note
        words = f"{a.get_settled_display()} by {a.settled_by or 'the console'}{f': {said}' if said else ''}"
        return f"{words} ({a.detail})" if a.detail and self.verdict != Verdict.OK else words

    @property
    def why(self) -> str:
        """Why it is judged so, in a line."""
        a = self.answer
        if is_stale(a, self.now):
            return f"Could not verify: last read {ago(a.read_at, self.now) if a.read_at else 'never'}; {a.detail}".strip(
                "; "
            )
        if a.kind == ItemKind.MANUAL and a.rule:
            said = rule_words(a.rule, a.unit)
            return said[:1].upper() + said[1:] + ("; " + a.help if a.help and self.is_waiting else "")
        return (
            (a.text if a.answer_kind == AnswerKind.TEXT and not self.is_waiting else "") or a.detail or a.help
        )


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
    def by_machine(self) -> int:
        return sum(row.answer.source == Source.MACHINE for row in self.needs + self.handled + self.fine)

    @property
    def _reads(self) -> list[datetime]:
        rows = self.needs + self.handled + self.fine
        return [r.answer.read_at for r in rows if r.answer.read_at and r.answer.source == Source.MACHINE]

    @property
    def read_at(self) -> datetime | None:
        """When the machine last read anything."""
        return max(self._reads, default=None)

    @property
    def read_from(self) -> datetime | None:
        """The oldest of the machine's answers."""
        return min(self._reads, default=None)

    @property
    def fine_words(self) -> str:
        return f"{len(self.fine)} fine"

    @property
    def handled_words(self) -> str:
        return f"{len(self.handled)} dealt with"

    @property
    def fine_by(self) -> str:
        """“verified by machine”, “12 verified by machine, 3 by people”."""
        people = sum(row.answer.source == Source.PERSON for row in self.fine)
        if not people:
            return "verified by machine"
        return (
            f"{len(self.fine) - people} verified by machine, {people} by people"
            if people < len(self.fine)
            else "by people"
        )

    @property
    def headline(self) -> str:
        """What is true now, as a heading."""
        if self.run.signed_at:
            return "Signed off." if self.run.verdict == Verdict.OK else "Signed off, with what was found."
        if not self.run.opened_at:
            return "Missed: the console was stopped."
        if self.needs:
            rest = " Everything else is fine." if self.fine and not self.handled else ""
            return f"{things(len(self.needs))}.{rest}"
        return "All is dealt with. Sign off." if self.handled else "Everything is fine. Sign off."


def row(answer: Answer, now: datetime) -> Row:
    signed = answer.run.signed_at
    return Row(answer, Verdict(answer.verdict) if signed else standing(answer, now), signed or now)


def before(answer: Answer, last: int = TREND) -> list[Row]:
    """The same question in earlier runs, newest first."""
    if answer.item_id is None:
        return []
    earlier = Answer.objects.filter(item=answer.item_id, run__due_at__lt=answer.run.due_at)
    found = earlier.select_related("run", "settled_by").order_by("-run__due_at")[:last]
    return [Row(a, Verdict(a.verdict), a.run.signed_at or a.run.due_at) for a in found]


_WORST = {Verdict.BAD: 0, Verdict.LOOK: 1, Verdict.UNKNOWN: 2, Verdict.OK: 3}


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
    return (4 if row.is_waiting else _WORST[row.verdict], row.answer.position)


def sections(run: Run) -> list[tuple[str, list[Row]]]:
    """All answers of a run by section, as they stood when it was signed."""
    found: dict[str, list[Row]] = {}
    for answer in run.answers.select_related("settled_by"):
        answer.run = run
        found.setdefault(answer.section, []).append(row(answer, run.signed_at or run.due_at))
    return list(found.items())


@dataclass(frozen=True)
class Record:
    """A template with its last runs, newest first, and how many in a row were signed off in time."""

    template: Template
    runs: list[Run]

    @property
    def streak(self) -> int:
        ended = [run for run in self.runs if run.status != RunStatus.OPEN]
        return next((i for i, run in enumerate(ended) if run.signed_at is None or run.is_late), len(ended))

    @property
    def open_run(self) -> Run | None:
        """The newest run, if somebody should still sign it."""
        return next((run for run in self.runs[:1] if run.opened_at and not run.signed_at), None)

    @property
    def bars(self) -> list[Bar]:
        """One bar a run, oldest first."""
        return [
            Bar(run.tone, f"{said(timezone.localtime(run.due_at), 'short')}: {run.outcome}")
            for run in reversed(self.runs)
        ]


def records(last: int = 30) -> list[Record]:
    """All templates, active ones first, with their last runs: two queries."""
    templates = list(Template.objects.order_by("-is_active", "wall", "name"))
    runs: dict[int, list[Run]] = {t.pk: [] for t in templates}
    newest = Run.objects.filter(template__in=templates).order_by("-due_at")[: last * max(len(templates), 1)]
    for run in newest:
        if len(runs[run.template_id]) < last:
            runs[run.template_id].append(run)
    return [Record(t, runs[t.pk]) for t in templates]


def listing_sentence(found: list[Record]) -> str:
    """What is true of all checklists now, as a heading."""
    waiting = [record.template.name for record in found if record.open_run]
    if waiting:
        verb = "waits" if len(waiting) == 1 else "wait"
        return f"{' and '.join(waiting[:3])} {verb} to be signed off"
    coming = [record.template for record in found if record.template.is_active]
    return "No checklist waits for anybody" if coming else "No checklist comes of itself"


def next_three(template: Template, now: datetime) -> list[datetime]:
    """When it comes next; nothing for one at rest."""
    if not template.is_active:
        return []
    schedule, times = template.schedule(team_zone().key), [now]
    while len(times) < 4:
        times.append(schedule.after(times[-1]))
    return times[1:]
