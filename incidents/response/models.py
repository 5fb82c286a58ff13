"""Incidents, their timeline, who was paged, and what each severity means."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from incidents.response.states import LIVE, Severity, Status
from monitoring.alerts.models import Alert
from monitoring.catalogue.models import Service
from opsconsole.accounts.models import User
from opsconsole.lib.periods import Period
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus


class SeverityPolicy(models.Model):
    """What a severity means and which targets it sets; an incident takes its targets from here when it opens."""

    level = models.PositiveSmallIntegerField(primary_key=True, choices=Severity)
    title = models.CharField(max_length=60)
    criteria = models.TextField(help_text="One sentence a line; shown where somebody chooses a severity.")
    acknowledge_minutes = models.PositiveIntegerField()
    resolve_minutes = models.PositiveIntegerField()
    update_minutes = models.PositiveIntegerField()
    postmortem_required = models.BooleanField(default=False)

    class Meta:
        ordering = ("level",)

    def __str__(self) -> str:
        return f"{self.get_level_display()} · {self.title}"

    @property
    def acknowledge(self) -> timedelta:
        return timedelta(minutes=self.acknowledge_minutes)

    @property
    def resolve(self) -> timedelta:
        return timedelta(minutes=self.resolve_minutes)

    @property
    def update(self) -> timedelta:
        return timedelta(minutes=self.update_minutes)


class Sequence(models.Model):
    """The last number given out. Its row is the lock that makes numbers unique and without holes."""

    name = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class IncidentQuerySet(models.QuerySet["Incident"]):
    def live(self) -> Self:
        """Somebody has to do something: open or acknowledged."""
        return self.filter(status__in=LIVE)

    def counted(self) -> Self:
        """What figures are made of: no drills, and each merged incident only as the one it was merged into."""
        return self.filter(is_drill=False).exclude(status=Status.MERGED)

    def detected_in(self, period: Period) -> Self:
        return self.filter(detected_at__gte=period.start, detected_at__lt=period.end)


class Incident(models.Model):
    """Something that hurts, from its detection to its resolution.

    Moments: `impact_start` when it began to hurt (may be set back by hand); `detected_at` the first failing evidence;
    `opened_at` when this row was made (a restarted console opens late, and targets to acknowledge count from here);
    `paged_at` when a provider first accepted a page; `acknowledged_at` the first human; `mitigated_at` when the impact was
    over; `resolved_at`. Targets are frozen into the row, so that a policy edited later changes no running clock.
    """

    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    severity = models.PositiveSmallIntegerField(choices=Severity)
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="incidents"
    )
    affected = models.ManyToManyField(Service, blank=True, related_name="touched_by")
    alerts = models.ManyToManyField(Alert, blank=True, related_name="incidents")
    source = models.CharField(max_length=80, blank=True, help_text="What opened it; empty for a person.")
    dedup_key = models.CharField(max_length=80, blank=True, help_text="One live incident for each.")
    is_drill = models.BooleanField(default=False)
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    impact_start = models.DateTimeField()
    detected_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    paged_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    mitigated_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    resolved_by_machine = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    acknowledge_due_at = models.DateTimeField()
    resolve_due_at = models.DateTimeField()
    update_due_at = models.DateTimeField(null=True)
    update_minutes = models.PositiveIntegerField()
    postmortem_required = models.BooleanField(default=False)

    relapses = models.PositiveSmallIntegerField(default=0, help_text="How often it was up and failed again.")
    calm_at = models.DateTimeField(null=True, help_text="When a flapping service will be believed.")
    left_at = models.DateTimeField(
        null=True, help_text="When to tell of what stays down though what it depends on is up."
    )
    look_at = models.DateTimeField(null=True, help_text="When a clock next needs a look.")
    changed_at = models.DateTimeField(auto_now=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dedup_key"],
                condition=Q(status__in=sorted(LIVE)) & ~Q(dedup_key=""),
                name="response_incident_one_live",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=False, status=Status.RESOLVED)
                | Q(resolved_at__isnull=True) & ~Q(status=Status.RESOLVED),
                name="response_incident_resolved_at",
            ),
        ]
        indexes = [
            models.Index(F("look_at"), condition=Q(look_at__isnull=False), name="response_incident_look"),
            models.Index(F("number"), condition=Q(status__in=sorted(LIVE)), name="response_incident_live"),
            models.Index(
                F("resolved_at"), condition=Q(postmortem_required=True), name="response_incident_review"
            ),
            models.Index(fields=["detected_at"], name="response_incident_detected"),
            models.Index(fields=["service", "-number"], name="response_incident_service"),
            models.Index(fields=["dedup_key", "-number"], name="response_incident_dedup"),
        ]
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"INC-{self.number:03d}"

    def is_live(self) -> bool:
        return self.status in LIVE


class TimelineEntry(models.Model):
    """One thing that happened. The kind's template in `timeline.py` makes a sentence of `data`; `body` is what a person wrote."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="timeline")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    signature = models.CharField(max_length=100, help_text="The actor's name as it was then.")
    data: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    key = models.CharField(max_length=80, blank=True, help_text="Written once for each.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "key"], condition=~Q(key=""), name="response_entry_once"
            )
        ]
        indexes = [models.Index(fields=["incident", "at", "id"], name="response_entry_order")]
        ordering = ("at", "id")


class PageReason(models.TextChoices):
    OPENED = "opened", "opened"
    ESCALATED = "escalated", "severity raised"
    RELAPSED = "relapsed", "down again"
    JOINED = "joined", "more failed"
    REMINDER = "reminder", "target missed"
    RECOVERED = "recovered", "up again"
    RESOLVED = "resolved", "resolved"


CALLS = frozenset(set(PageReason) - {PageReason.RECOVERED, PageReason.RESOLVED})
"""Reasons that ask somebody to act; the others only tell."""


class Page(models.Model):
    """One message about an incident to one channel, with its own link to acknowledge.

    How it fared is copied from the delivery, which may be pruned before the incident is reviewed.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="pages")
    reason = models.CharField(max_length=12, choices=PageReason)
    channel = models.ForeignKey(Channel, null=True, on_delete=models.SET_NULL, related_name="pages")
    delivery = models.OneToOneField(Delivery, null=True, on_delete=models.SET_NULL, related_name="page")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="pages")
    name = models.CharField(max_length=80, help_text="The channel's name as it was then.")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=DeliveryStatus, default=DeliveryStatus.WAITING)
    accepted_at = models.DateTimeField(null=True, help_text="When the provider took it.")
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(F("id"), condition=Q(outcome="waiting"), name="response_page_unsettled"),
            models.Index(fields=["incident", "id"], name="response_page_incident"),
        ]
        ordering = ("id",)
