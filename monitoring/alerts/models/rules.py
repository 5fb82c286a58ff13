"""Rules over figures."""

from django.db import models
from django.db.models import F, Q

from monitoring.alerts.rules.base import Verdict
from monitoring.alerts.states import Level, tone_of
from monitoring.catalogue.models import Service


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
