"""Checklists: the template with its schedule, its items, and the runs with their frozen answers."""

from datetime import timedelta
from typing import Any
from zlib import crc32

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from maintenance.checklists.states import AnswerKind, ItemKind, RunStatus, Settled, Source
from maintenance.checklists.words import DIGITS, rule_words, schedule_words
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.lib.calendars import Weekly
from opsconsole.lib.figures import exact
from opsconsole.measures.registry import measures
from opsconsole.measures.verdicts import Rule, Verdict


def every_weekday() -> list[int]:
    return list(range(7))


def every_month() -> list[int]:
    return list(range(1, 13))


class Template(models.Model):
    """A checklist that comes again by a schedule of wall time and zone. Templates are put to rest, never deleted."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.TextField(blank=True)
    wall = models.TimeField("time of day")
    zone_name = models.CharField(max_length=64, blank=True, help_text="Empty: the team's zone.")
    weekdays: "models.JSONField[Any, Any]" = models.JSONField(default=every_weekday)
    ordinal = models.SmallIntegerField(
        default=0, help_text="1 = the first such weekday of a month, -1 the last."
    )
    months: "models.JSONField[Any, Any]" = models.JSONField(default=every_month)
    owner_role = models.CharField(max_length=12, choices=Role, default=Role.RESPONDER)
    expected_minutes = models.PositiveSmallIntegerField(default=10)
    deadline_minutes = models.PositiveIntegerField(default=120, help_text="Sign-off is late after this.")
    is_active = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(condition=Q(ordinal__range=(-1, 4)), name="checklists_template_ordinal")
        ]
        indexes = [models.Index(F("next_at"), condition=Q(is_active=True), name="checklists_template_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def deadline(self) -> timedelta:
        return timedelta(minutes=self.deadline_minutes)

    @property
    def schedule_words(self) -> str:
        return schedule_words(self.weekdays, self.ordinal, self.months)

    def schedule(self, team_zone: str) -> Weekly:
        """When it comes; in the team's zone unless it names its own."""
        return Weekly(
            self.wall,
            self.zone_name or team_zone,
            frozenset(self.weekdays),
            self.ordinal,
            frozenset(self.months),
        )


class Question(models.Model):
    """What is asked and how it is judged: an item has it, and each answer keeps a copy, so that later edits do not touch it."""

    position = models.PositiveSmallIntegerField(default=0)
    section = models.CharField(max_length=80, blank=True)
    question = models.CharField(max_length=160)
    help = models.TextField(blank=True)
    kind = models.CharField(max_length=8, choices=ItemKind, default=ItemKind.MANUAL)
    binding = models.CharField(
        max_length=120, blank=True, help_text="A measure, a check, or heartbeat:<name>."
    )
    window_hours = models.PositiveSmallIntegerField(default=24, help_text="A measure is read over this long.")
    better = models.CharField(max_length=6, blank=True, choices=[("higher", "Higher"), ("lower", "Lower")])
    target = models.FloatField(null=True, blank=True)
    limit = models.FloatField(null=True, blank=True)
    freshness_minutes = models.PositiveIntegerField(default=30, help_text="Older than this is not verified.")
    answer_kind = models.CharField(max_length=8, choices=AnswerKind, default=AnswerKind.TICK)
    choices: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    unit = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True

    @property
    def rule(self) -> Rule | None:
        """The item's own rule, over that of its measure; None when it has none."""
        return Rule(self.better, self.target, self.limit) if self.better and self.target is not None else None


class Item(Question):
    """One question of a template."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="items")

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.question

    @property
    def asks(self) -> str:
        """With what it is answered, and by which rule; empty where a tick is enough."""
        gives = (
            ""
            if self.kind != ItemKind.MANUAL or self.answer_kind == AnswerKind.TICK
            else self.get_answer_kind_display().lower()
        )
        measure = measures.get(self.binding)
        rule = rule_words(self.rule, measure.unit if measure else self.unit) if self.rule else ""
        return ", ".join(part for part in (gives, rule) if part)


class Run(models.Model):
    """One occurrence of a checklist. `opened_at` is empty when the console was stopped at the time: it was missed."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="runs")
    name = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=8, choices=RunStatus, default=RunStatus.OPEN)
    verdict = models.CharField(
        max_length=8, choices=Verdict, blank=True, help_text="Of all answers, at sign-off."
    )
    missed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="signed_runs")
    handed_to = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="handed_runs")
    first_touched_at = models.DateTimeField(null=True)
    last_touched_at = models.DateTimeField(null=True)
    seconds_spent = models.PositiveIntegerField(default=0, help_text="Pauses count five minutes at the most.")

    class Meta:
        ordering = ("-due_at", "-id")
        constraints = [models.UniqueConstraint(fields=["template", "due_at"], name="checklists_run_once")]
        indexes = [
            models.Index(F("deadline_at"), condition=Q(status="open"), name="checklists_run_open"),
            models.Index(fields=["-due_at", "-id"], name="checklists_run_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {timezone.localtime(self.due_at):%Y-%m-%d}"

    @property
    def is_late(self) -> bool:
        return self.signed_at is not None and self.signed_at > self.deadline_at

    @property
    def outcome(self) -> str:
        """Open, Missed, Signed off, Signed off late."""
        return f"{RunStatus(self.status).label}{' late' if self.is_late else ''}"

    @property
    def tone(self) -> str:
        """How well it was kept, as a verdict; what was found stands in `verdict`."""
        if self.signed_at:
            return "look" if self.is_late else "ok"
        return "bad" if self.status == RunStatus.MISSED else "unknown"


class Answer(Question):
    """What was found for one question in one run: by the machine, by a person, or not at all."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="answers")
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.UNKNOWN)
    source = models.CharField(max_length=8, choices=Source, blank=True, help_text="Whose answer it is.")
    number = models.FloatField(null=True, blank=True)
    text = models.TextField(blank=True)
    detail = models.TextField(blank=True)
    evidence_url = models.CharField(max_length=250, blank=True)
    read_at = models.DateTimeField(null=True)
    trend: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    settled = models.CharField(
        max_length=8, choices=Settled, blank=True, help_text="What a person did about it."
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="settled_answers")
    note = models.TextField(blank=True)
    skip_reason = models.CharField(max_length=250, blank=True)
    incident_number = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["run", "item"], name="checklists_answer_once")]

    def __str__(self) -> str:
        return self.question

    @property
    def value(self) -> str:
        """What was found, as it is read: “912 ms”, “7.25 %”, a choice or some words."""
        return self.text or ("" if self.number is None else str(exact(self.number, self.unit, DIGITS)))

    @property
    def typed(self) -> str:
        """What a person answered, as it stands in its field."""
        return self.text or ("" if self.number is None else str(self.number).removesuffix(".0"))

    @property
    def stamp(self) -> str:
        """Changes with what people do about it, not with what the machine reads: a page tells by it what it showed."""
        given = (self.number, self.text) if self.source == Source.PERSON else ()
        kept = (self.settled, self.settled_at, self.note, self.skip_reason, self.incident_number, *given)
        return f"{crc32('|'.join(map(str, kept)).encode()):x}"
