"""Jobs that report, what they reported, and their runs."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from monitoring.catalogue.models import Service
from monitoring.catalogue.states import Status
from monitoring.heartbeats.meanings import Rules, Where
from monitoring.heartbeats.schedules import Plan
from monitoring.heartbeats.states import OPEN, TONES, Kind, Outcome, Schedule
from opsconsole.lib.figures import exact

BODY_LIMIT = 10_000
"""Bytes of a ping's body that are kept; clients learn it from the header Ping-Body-Limit."""


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def live(self) -> "HeartbeatQuerySet":
        return self.filter(removed_at=None)


class Heartbeat(models.Model):
    """A job that reports by itself. `status` is the truth; “late” and “running” are read off the times beside it.

    `expected_at` is when the next report should come, without grace; `counted_from` is the moment that was counted from.
    `due_at` is when its state must be looked at again though nothing was heard.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="heartbeats")
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, db_index=False)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schedule = models.CharField(max_length=8, choices=Schedule, default=Schedule.PERIOD)
    period = models.DurationField(default=timedelta(days=1))
    cron = models.CharField(max_length=100, blank=True)
    calendar = models.TextField(blank=True, help_text="Lines as after OnCalendar= in a timer of systemd.")
    zone = models.CharField(max_length=64, default="UTC")
    grace = models.DurationField(default=timedelta(hours=1))
    max_run_time = models.DurationField(null=True, blank=True)
    failure_words = models.CharField(max_length=200, blank=True)
    success_words = models.CharField(max_length=200, blank=True)
    start_words = models.CharField(max_length=200, blank=True)
    words_in = models.CharField(max_length=8, choices=Where, default=Where.BODY)
    else_fails = models.BooleanField(
        default=False, help_text="What has none of the words fails, else it is ignored."
    )
    post_only = models.BooleanField(default=False)
    assertions = models.TextField(
        blank=True, help_text="What the figures of a run should be, a line each: rows > 0."
    )
    stuck_after = models.PositiveSmallIntegerField(
        null=True, help_text="It is stuck when one progress token came so often in a row."
    )
    progress = models.CharField(max_length=100, blank=True)
    progress_seen = models.PositiveIntegerField(default=0, help_text="How often in a row that token came.")
    ping_resumes = models.BooleanField(
        default=False, help_text="A ping ends a pause; else only a person does."
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.UNKNOWN)
    status_since = models.DateTimeField()
    status_reason = models.TextField(blank=True)
    paused_until = models.DateTimeField(null=True, help_text="When a pause ends by itself.")
    paused_by = models.CharField(max_length=300, blank=True)
    last_ping_at = models.DateTimeField(null=True)
    last_outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    running_since = models.DateTimeField(null=True, help_text="Start of the oldest run that is open.")
    recent_seconds = models.JSONField(default=list, help_text="Durations of the last runs, oldest first.")
    counted_from = models.DateTimeField(null=True)
    expected_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(help_text="When its address, slug or presence last changed.")
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=Q(removed_at__isnull=True), name="heartbeats_slug_once"
            ),
            models.CheckConstraint(
                condition=~Q(schedule="cron") | ~Q(cron=""), name="heartbeats_cron_has_expression"
            ),
            models.CheckConstraint(
                condition=~Q(schedule="calendar") | ~Q(calendar=""), name="heartbeats_calendar_has_lines"
            ),
        ]
        indexes = [
            models.Index(F("due_at"), condition=Q(due_at__isnull=False), name="heartbeats_due"),
            models.Index(fields=["-changed_at"], name="heartbeats_changed"),
        ]
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def is_paused(self) -> bool:
        return self.status == Status.PAUSED

    @property
    def is_stuck(self) -> bool:
        return self.stuck_after is not None and self.progress_seen >= self.stuck_after

    @property
    def source(self) -> str:
        return f"heartbeat:{self.pk}"

    @property
    def plan(self) -> Plan:
        cron = self.cron if self.schedule == Schedule.CRON else ""
        calendar = self.calendar if self.schedule == Schedule.CALENDAR else ""
        return Plan(self.period, cron, self.zone, self.grace, self.max_run_time, calendar)

    @property
    def rules(self) -> Rules:
        words = self.failure_words, self.success_words, self.start_words
        return Rules(*words, self.words_in, self.else_fails, self.post_only)


class Badge(models.Model):
    """A public badge of one heartbeat, or of all of them where it names none. Its key is its address."""

    heartbeat = models.OneToOneField(Heartbeat, on_delete=models.CASCADE, null=True, related_name="badge")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(heartbeat__isnull=True), name="heartbeats_one_badge_of_all"
            ),
        ]


class Ping(models.Model):
    """What a job sent, as it came: appended by the listener, folded into runs by the sweep, and never changed.

    `meant` is what the sweep took it for, where the rules of its heartbeat make it another thing than its address says.
    """

    heartbeat = models.ForeignKey(Heartbeat, on_delete=models.CASCADE, related_name="pings", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind)
    exit_status = models.PositiveSmallIntegerField(null=True)
    rid = models.UUIDField(null=True)
    body = models.TextField(blank=True)
    ua = models.CharField(max_length=200, blank=True)
    ip = models.CharField(max_length=45, blank=True)
    method = models.CharField(max_length=8, blank=True)
    query = models.CharField(
        max_length=500, blank=True, default="", db_default="", help_text="What followed the “?”."
    )
    subject = models.CharField(max_length=300, blank=True, default="", db_default="", help_text="Of a mail.")
    meant = models.CharField(max_length=8, choices=Kind, blank=True, default="", db_default="")
    folded = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(F("id"), condition=Q(folded=False), name="heartbeats_ping_unfolded"),
            models.Index(fields=["heartbeat", "id"], name="heartbeats_ping_newest"),
        ]

    @property
    def taken(self) -> str:
        """What it counts as."""
        return self.meant or self.kind


class Run(models.Model):
    """One run of a job. Runs overlap freely; one that nobody started is known by its end only.

    `opened_by` is the id of the ping that made the row, so that folding the same ping again makes no second one; a missed
    run has none, and its `finished_at` is the end of the grace.
    """

    heartbeat = models.ForeignKey(Heartbeat, on_delete=models.CASCADE, related_name="runs", db_index=False)
    opened_by = models.PositiveBigIntegerField(null=True, unique=True)
    rid = models.UUIDField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    exit_status = models.PositiveSmallIntegerField(null=True)
    seconds = models.FloatField(null=True)
    overlapped = models.BooleanField(default=False, help_text="Another run was open when it started.")
    metrics = models.JSONField(null=True, help_text="Its figures by name.")
    reason = models.CharField(max_length=300, blank=True, help_text="Why it counts as failed.")
    output = models.TextField(blank=True, help_text="The tail of what its last ping carried.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=OPEN, finished_at__isnull=True, started_at__isnull=False)
                | ~Q(outcome__in=OPEN),
                name="heartbeats_open_run_has_no_end",
            ),
        ]
        indexes = [
            models.Index(F("heartbeat"), condition=Q(outcome__in=OPEN), name="heartbeats_run_open"),
            models.Index(fields=["heartbeat", "id"], name="heartbeats_run_newest"),
            models.Index(
                fields=["heartbeat", "rid"], condition=Q(rid__isnull=False), name="heartbeats_run_rid"
            ),
            models.Index(fields=["finished_at", "outcome"], name="heartbeats_run_finished"),
            models.Index(fields=["heartbeat", "finished_at", "outcome"], name="heartbeats_run_ended"),
        ]

    @property
    def tone(self) -> str:
        return TONES[Outcome(self.outcome)]

    @property
    def figures(self) -> list[tuple[str, str]]:
        """Its figures, name and number in words."""
        return [(name, str(exact(value, digits=6))) for name, value in (self.metrics or {}).items()]
