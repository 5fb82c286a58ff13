"""Services, what they depend on, and the durable record of every change of state."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from monitoring.catalogue.states import TONES, Status
from opsconsole.accounts.models import User

_TARGET = "Write per cent of a month between 50 and 100, such as 99.9."


class Tier(models.IntegerChoices):
    """How much hangs on it: decides the severity of an incident."""

    CRITICAL = 1, "1 · customers cannot work without it"
    IMPORTANT = 2, "2 · customers notice"
    INTERNAL = 3, "3 · only we notice"


class Service(models.Model):
    """Something customers or we rely on."""

    name = models.CharField(
        max_length=80, unique=True, error_messages={"unique": "There is a service with this name already."}
    )
    slug = models.SlugField(max_length=80, unique=True)
    description = models.TextField(blank=True)
    tier = models.PositiveSmallIntegerField(choices=Tier, default=Tier.IMPORTANT)
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="services")
    runbook_url = models.URLField(blank=True)
    uptime_target = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        default=Decimal("99.9"),
        help_text="Per cent a month.",
        validators=[MinValueValidator(50, _TARGET), MaxValueValidator(100, _TARGET)],
    )
    links: "models.JSONField[Any, Any]" = models.JSONField(
        default=list, blank=True, help_text="To logs, dashboards and traces: title and url each (links.py)."
    )
    requirements: "models.JSONField[Any, Any]" = models.JSONField(
        default=list, blank=True, help_text="Ids of the requirements it fulfils."
    )
    depends_on = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="supports")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("tier", "name")

    def __str__(self) -> str:
        return self.name

    @property
    def target(self) -> str:
        """The target as people write it: 99.900 → “99.9”."""
        return f"{self.uptime_target.normalize():f}"


class StatusChange(models.Model):
    """One change of state of a probe or a heartbeat, written in the transaction of the new state.

    It is what incidents, uptime and reports are made from. `handled_at` is set by the consumer in the transaction of what it
    did about it. `at` is when the new state began (the first failing evidence), `noticed_at` when it was confirmed.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="status_changes")
    source = models.CharField(max_length=60, help_text="Who saw it, e.g. probe:12 or heartbeat:3.")
    title = models.CharField(max_length=160, help_text="The name of the source as people know it.")
    old = models.CharField(max_length=12, choices=Status)
    new = models.CharField(max_length=12, choices=Status)
    reason = models.TextField(blank=True)
    evidence_url = models.CharField(max_length=250, blank=True)
    at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(F("id"), condition=Q(handled_at__isnull=True), name="catalogue_change_unhandled"),
            models.Index(fields=["service", "-at"], name="catalogue_change_service"),
            models.Index(fields=["source", "-at"], name="catalogue_change_source"),
        ]
        ordering = ("-at", "-id")

    @property
    def tone(self) -> str:
        return TONES[Status(self.new)]


class Replanned(models.Model):
    """A service's maintenance was planned otherwise, and time behind us counts otherwise by it: from `start` to `end`.

    Whoever counts that time takes it from here (probes/recounting.py). Kept for a while when it is handled: by the newest, and by
    how many there are, those who remember plans see that they changed.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(F("id"), condition=Q(handled_at__isnull=True), name="catalogue_replanned_unhandled")
        ]
        ordering = ("id",)
