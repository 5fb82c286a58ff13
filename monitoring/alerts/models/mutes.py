"""What nobody is told of for a time: silences, maintenance windows, and rules by which one alert silences another."""

from datetime import time
from typing import Any

from django.db import models

from monitoring.alerts.inhibiting import Rule
from monitoring.alerts.matching import Matcher, read
from monitoring.alerts.recurring import Recurrence, Repeats
from monitoring.catalogue.models import Service
from opsconsole.accounts.models import User


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


class Inhibition(models.Model):
    """While an alert fires that fits `source`, those that fit `target` are not told, where all labels of `equal` are alike."""

    reason = models.CharField(max_length=200)
    source: "models.JSONField[Any, Any]" = models.JSONField(help_text="Rows of label, sign and value.")
    target: "models.JSONField[Any, Any]" = models.JSONField(help_text="Rows of label, sign and value.")
    equal: "models.JSONField[Any, Any]" = models.JSONField(default=list, help_text="Names of labels.")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    signature = models.CharField(max_length=100, help_text="The author's name as it was then.")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("reason", "id")

    def __str__(self) -> str:
        return self.reason

    @property
    def rule(self) -> Rule:
        return Rule(self.pk or 0, read(self.source), read(self.target), tuple(self.equal))


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
