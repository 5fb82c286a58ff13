"""Alerts, what was heard of them, and what happened to them."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from monitoring.alerts.models.groups import Group
from monitoring.alerts.origins import Origin, origin_of
from monitoring.alerts.states import Kind, Level, State, tone_of
from monitoring.catalogue.models import Service


class Ledger(models.Model):
    """What was heard of one fingerprint; its row is the lock under which its alerts change. Up to `sealed_at` all is settled:
    `past` is what of it still matters."""

    source = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=255)
    words: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    past: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    sealed_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "fingerprint"], name="alerts_ledger_one")]


class AlertQuerySet(models.QuerySet["Alert"]):
    def firing(self) -> Self:
        return self.filter(state=State.FIRING)

    def inhibited(self) -> Self:
        """What is not told because something else fires."""
        return self.firing().filter(inhibited_by__isnull=False)

    def flapping(self) -> Self:
        return self.firing().filter(turned_at__isnull=False)


class Alert(models.Model):
    """One thing that fires, from its first word to its end.

    `source` says who saw it (rule:12, inbound:3), `fingerprint` what it is: while it fires, whatever comes with the same pair
    joins it. `starts_at`, `ends_at` and `last_seen_at` are times of the events, not of their arrival. While it flaps it fires, whatever was
    said of it last. A label that is missing
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
    inhibited_by = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="While that fires it is not told.",
    )
    turns = models.PositiveIntegerField(
        default=0, help_text="How often it changed since it was found to flap."
    )
    turned_at = models.DateTimeField(null=True, help_text="Its last change; empty unless it flaps.")
    off_at = models.DateTimeField(null=True, help_text="Since when it is off, while it flaps.")

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
            models.Index(
                F("turned_at"),
                condition=Q(state=State.FIRING, turned_at__isnull=False),
                name="alerts_alert_flapping",
            ),
            models.Index(
                F("id"),
                condition=Q(state=State.FIRING, inhibited_by__isnull=False),
                name="alerts_alert_inhibited",
            ),
        ]
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title

    def is_firing(self) -> bool:
        return self.state == State.FIRING

    def is_flapping(self) -> bool:
        """Whether it goes on and off: it counts as firing, and nothing is told of its changes."""
        return self.is_firing() and self.turned_at is not None

    def is_silent(self) -> bool:
        """Whether it fires and is not told because something else does."""
        return self.is_firing() and self.inhibited_by_id is not None

    def is_of_a_rule(self) -> bool:
        """Whether a rule of the console began it, and ends it."""
        return self.source.startswith("rule:")

    def may_be_ended(self) -> bool:
        """Whether people may say that it is over."""
        return self.is_firing() and not self.is_of_a_rule()

    @property
    def origin(self) -> Origin:
        """Its source as people call it."""
        return origin_of(self.source)

    @property
    def tone(self) -> str:
        return tone_of(self.severity)

    @property
    def word(self) -> str:
        level = self.get_severity_display()
        return (
            " ".join(filter(None, [level, "flapping"])).capitalize()
            if self.is_flapping()
            else level or "Fires"
        )

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
    note = models.CharField(max_length=300, blank=True, help_text="Why nobody was told, or who said so.")

    class Meta:
        indexes = [models.Index(fields=["alert", "id"], name="alerts_change_story")]
        ordering = ("id",)
