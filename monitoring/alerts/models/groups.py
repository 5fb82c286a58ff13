"""Alerts that are told together."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from monitoring.alerts.grouping import By, Plan
from monitoring.alerts.states import INTERVAL, REPEAT, WAIT
from monitoring.catalogue.models import Service


class Grouping(models.Model):
    """The team's plan of what is told together: one row, or none while it is the usual one."""

    by = models.CharField(max_length=10, choices=By, default=By.SERVICE)
    labels: "models.JSONField[Any, Any]" = models.JSONField(
        default=list, help_text="Names, when it is by labels."
    )
    wait = models.DurationField(default=WAIT)
    interval = models.DurationField(default=INTERVAL)
    repeat = models.DurationField(default=REPEAT)

    def __str__(self) -> str:
        return "What is told together"

    @property
    def plan(self) -> Plan:
        return Plan(self.by, tuple(self.labels), self.wait, self.interval, self.repeat)


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
