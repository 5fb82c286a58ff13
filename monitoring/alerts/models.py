"""Alerts: what rules and other systems say is wrong."""

from datetime import time, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from monitoring.alerts.matching import Matcher, read
from monitoring.alerts.origins import Origin, origin_of
from monitoring.alerts.recurring import Recurrence, Repeats
from monitoring.alerts.rules.base import Verdict
from monitoring.alerts.states import Kind, Level, News, State, tone_of
from monitoring.catalogue.models import Service
from opsconsole.accounts.models import User


class Ledger(models.Model):
    """What was heard of one fingerprint; its row is the lock under which its alerts change. Up to `sealed_at` all is settled."""

    source = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=255)
    words: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    sealed_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "fingerprint"], name="alerts_ledger_one")]


class Group(models.Model):
    """Alerts that belong together are told together. `look_at` is when it next has something to tell, or to tell again.

    `told_at` is when the last news went out; empty while nobody was told. It is closed when nothing of it fires any more.
    """

    key = models.CharField(max_length=300)
    title = models.CharField(max_length=200)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(closed_at=None), name="alerts_group_one_open")
        ]
        indexes = [models.Index(F("look_at"), condition=Q(look_at__isnull=False), name="alerts_group_look")]
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title


class AlertQuerySet(models.QuerySet["Alert"]):
    def firing(self) -> Self:
        return self.filter(state=State.FIRING)


class Alert(models.Model):
    """One thing that fires, from its first word to its end.

    `source` says who saw it (rule:12, inbound:3), `fingerprint` what it is: while it fires, whatever comes with the same pair
    joins it. `starts_at`, `ends_at` and `last_seen_at` are times of the events, not of their arrival. A label that is missing
    from `labels` is not an empty one.
    """

    source = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=255)
    title = models.CharField(max_length=200)
    severity = models.PositiveSmallIntegerField(choices=Level, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.FIRING)
    labels: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    annotations: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="alerts"
    )
    url = models.CharField(max_length=500, blank=True, help_text="Where it came from.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(help_text="The newest word that it fires.")
    expires_at = models.DateTimeField(null=True, help_text="Without another word it is over then.")
    acknowledged_at = models.DateTimeField(null=True, help_text="Somebody has it in hand, says its source.")
    group = models.ForeignKey(Group, null=True, on_delete=models.SET_NULL, related_name="alerts")
    count = models.PositiveIntegerField(default=1, help_text="How many words said that it fires.")

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "fingerprint"],
                condition=Q(state=State.FIRING),
                name="alerts_alert_one_firing",
            ),
            models.CheckConstraint(
                condition=Q(state=State.FIRING, ends_at=None)
                | Q(state=State.RESOLVED, ends_at__isnull=False),
                name="alerts_alert_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "fingerprint", "starts_at"], name="alerts_alert_episodes"),
            models.Index(F("id"), condition=Q(state=State.FIRING), name="alerts_alert_firing"),
            models.Index(
                F("expires_at"),
                condition=Q(state=State.FIRING, expires_at__isnull=False),
                name="alerts_alert_expiring",
            ),
        ]
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title

    def is_firing(self) -> bool:
        return self.state == State.FIRING

    @property
    def origin(self) -> Origin:
        """Its source as people call it."""
        return origin_of(self.source)

    @property
    def tone(self) -> str:
        return tone_of(self.severity)

    @property
    def word(self) -> str:
        return self.get_severity_display() or "Fires"

    @property
    def lasted(self) -> timedelta | None:
        return self.ends_at - self.starts_at if self.ends_at else None

    @property
    def link(self) -> str:
        """Where it came from, if that is a web address: others may send anything."""
        return self.url if self.url.startswith(("https://", "http://", "/")) else ""


class AlertChange(models.Model):
    """What happened to an alert, once each: `at` when it did, `noticed_at` when we heard of it."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True, help_text="Why nobody was told.")

    class Meta:
        indexes = [models.Index(fields=["alert", "id"], name="alerts_change_story")]
        ordering = ("id",)


class Notice(models.Model):
    """News of a group, for those who act on alerts: what fires anew and what is over since the last time.

    It is written in the transaction that decides it. `handled_at` is set by the consumer in the transaction of what it did.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="notices")
    news = models.CharField(max_length=8, choices=News)
    at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(F("id"), condition=Q(handled_at__isnull=True), name="alerts_notice_unhandled"),
            models.Index(fields=["group", "-id"], name="alerts_notice_group"),
        ]
        ordering = ("id",)


class Line(models.Model):
    """One alert in a notice: that it fires, or that it is over."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="lines")
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="lines")
    firing = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["alert", "-id"], name="alerts_line_last")]
        ordering = ("id",)


class Rule(models.Model):
    """What is watched of a figure, and when it fires. `verdict` is the last one, since `since`; `due_at` is when to judge again.

    `subject` is the name of a figure, or “metric:<slug>” of a series. `config` holds what its kind asks for.
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=80)
    config = models.JSONField(default=dict)
    severity = models.PositiveSmallIntegerField(choices=Level, default=Level.P2)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="alert_rules"
    )
    is_on = models.BooleanField(default=True)
    verdict = models.CharField(max_length=8, default=Verdict.UNKNOWN)
    since = models.DateTimeField()
    sentence = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(F("due_at"), condition=Q(is_on=True), name="alerts_rule_due")]
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str:
        """How its alerts name it."""
        return f"rule:{self.pk}"

    @property
    def tone(self) -> str:
        if not self.is_on:
            return "unknown"
        return {Verdict.OK: "ok", Verdict.FIRING: tone_of(self.severity)}.get(
            Verdict(self.verdict), "unknown"
        )

    @property
    def word(self) -> str:
        if not self.is_on:
            return "Switched off"
        return {Verdict.OK: "Quiet", Verdict.FIRING: "Fires"}.get(Verdict(self.verdict), "Not known")


class Silence(models.Model):
    """What fits all matchers is not told, from `starts_at` to `ends_at`."""

    matchers: "models.JSONField[Any, Any]" = models.JSONField(help_text="Rows of label, sign and value.")
    reason = models.CharField(max_length=200)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    signature = models.CharField(max_length=100, help_text="The author's name as it was then.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("ends_at", "id")

    def __str__(self) -> str:
        return self.reason

    @property
    def rules(self) -> list[Matcher]:
        return read(self.matchers)


class Window(models.Model):
    """Maintenance of services: they go on being measured, and nobody is told. Always until some day."""

    reason = models.CharField(max_length=200)
    services = models.ManyToManyField(Service, related_name="windows")
    repeats = models.CharField(max_length=8, choices=Repeats, default=Repeats.ONCE)
    starts_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    lasts = models.DurationField()
    zone = models.CharField(max_length=60, default="UTC")
    wall = models.TimeField(default=time)
    weekdays: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    day = models.PositiveSmallIntegerField(default=1)
    cron = models.CharField(max_length=100, blank=True)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    signature = models.CharField(max_length=100, help_text="The author's name as it was then.")

    class Meta:
        ordering = ("until", "id")

    def __str__(self) -> str:
        return self.reason

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence(
            self.repeats, self.starts_at, self.until, self.lasts, self.zone, self.wall, frozenset(self.weekdays), self.day, self.cron
        )  # fmt: skip
