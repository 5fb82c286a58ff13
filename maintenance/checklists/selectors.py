"""Readers of checklists."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from maintenance.checklists.models import Answer, Item, Run, Template
from maintenance.checklists.states import (
    Answered,
    AnswerKind,
    ItemKind,
    RunStatus,
    Source,
    needs_person,
)
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib.periods import Period
from opsconsole.lib.phrases import listed
from opsconsole.measures.models import DailyValue
from opsconsole.measures.verdicts import Verdict
from opsconsole.ui.charts import Bar
from opsconsole.ui.templatetags.ui import said

TREND = 14
ENOUGH = 30  # times fine, from which on a question is worth less than its asking
SHOWN = 45  # runs of a checklist on the list
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
    """Runs to work on, the one due first before others: open, or missed less than a day ago, and not replaced by a newer.

    What is due in the future can only come from a clock that was ahead; it waits for its time and replaces nothing.
    """
    newest = Run.objects.filter(template=OuterRef("pk"), due_at__lte=now).order_by("-due_at").values("pk")[:1]
    return (
        Run.objects.filter(Q(status=RunStatus.OPEN) | Q(missed_at__gt=now - LATE_FOR))
        .filter(pk__in=Template.objects.order_by().values(newest=Subquery(newest)))
        .filter(opened_at__isnull=False, signed_at=None)
        .select_related("template", "handed_to")
        .order_by("due_at", "id")
    )


def waiting(now: datetime) -> int:
    """How many answers of runs to work on need somebody; one query, for the rail."""
    open_ones = Answer.objects.filter(run__in=latest_unsigned(now).order_by().values("pk"), settled="")
    read = open_ones.order_by().values_list(*Answered.__annotations__, named=True)
    return sum(needs_person(answer, now) for answer in read)


def runs_ended(period: Period) -> QuerySet[Run]:
    """Those due in a period that are signed off or missed."""
    return Run.objects.filter(due_at__gte=period.start, due_at__lt=period.end).exclude(status=RunStatus.OPEN)


def runs_signed(period: Period) -> QuerySet[Run]:
    return Run.objects.filter(signed_at__gte=period.start, signed_at__lt=period.end)


ALONE = Q(source=Source.MACHINE, settled="")
"""An answer that needed nobody."""
FIGURES: dict[str, Callable[[Period], QuerySet[Run]]] = {
    "checklists.on_time": runs_ended,
    "checklists.by_machine": runs_signed,
}
"""The runs that each figure of a period is made of."""


def counted(runs: QuerySet[Run]) -> QuerySet[Run]:
    """With `asked`, how many answers each has, and `alone`, how many of them needed nobody."""
    mine = Answer.objects.filter(run=OuterRef("pk")).order_by().values("run")
    return runs.annotate(
        asked=Subquery(mine.annotate(n=Count("pk")).values("n")),
        alone=Subquery(mine.filter(ALONE).annotate(n=Count("pk")).values("n")),
    )


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
    def streak_words(self) -> str:
        return "–" if not self.streak else f"{self.streak}+" if self.streak >= SHOWN else str(self.streak)

    @property
    def open_run(self) -> Run | None:
        """The newest run, if somebody should still sign it."""
        return next((run for run in self.runs[:1] if run.opened_at and not run.signed_at), None)

    @property
    def tone(self) -> str:
        return self.runs[0].tone if self.runs and self.template.is_active else "unknown"

    @property
    def word(self) -> str:
        """How the last run ended, if there was one and there will be another."""
        if not self.template.is_active:
            return "At rest"
        return self.runs[0].outcome if self.runs else "Not yet"

    @property
    def bars(self) -> list[Bar]:
        """One bar a run, oldest first, after as many empty ones as there is room for more."""
        room = [Bar("none", "")] * (SHOWN - len(self.runs))
        return room + [
            Bar(run.tone, f"{said(timezone.localtime(run.due_at), 'short')}: {run.outcome}")
            for run in reversed(self.runs)
        ]


def records() -> list[Record]:
    """All templates, active ones first, with their last runs: two queries."""
    templates = list(Template.objects.order_by("-is_active", "wall", "name"))
    runs: dict[int, list[Run]] = {t.pk: [] for t in templates}
    place = Window(RowNumber(), partition_by=F("template"), order_by=F("due_at").desc())
    for run in Run.objects.alias(place=place).filter(place__lte=SHOWN).order_by("-due_at"):
        runs[run.template_id].append(run)
    return [Record(t, runs[t.pk]) for t in templates]


def always_fine(template: Template, now: datetime) -> dict[int, int]:
    """Items that a person answers and that were fine each time, at least 30 times within a year: by id, how often.

    A question that never finds anything should be answered by data, or dropped.
    """
    asked = Answer.objects.filter(
        item__template=template, item__kind=ItemKind.MANUAL, run__signed_at__gt=now - timedelta(days=365)
    )
    rows = asked.values("item").annotate(n=Count("pk"), fine=Count("pk", filter=Q(verdict=Verdict.OK)))
    return {row["item"]: row["n"] for row in rows if row["n"] >= ENOUGH and row["n"] == row["fine"]}


def listing_sentence(found: list[Record]) -> str:
    """What is true of all checklists now, as a heading."""
    waiting = [record.template.name for record in found if record.open_run]
    if waiting:
        verb = "waits" if len(waiting) == 1 else "wait"
        return f"{listed(waiting, 3)} {verb} to be signed off"
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
