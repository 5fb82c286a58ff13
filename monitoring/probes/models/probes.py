"""Probes, and what each of them knows now."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from monitoring.catalogue.models import Service
from monitoring.catalogue.states import Status
from monitoring.probes.votes import majority
from opsconsole.lib.moments import MomentField
from opsconsole.lib.secrets import EncryptedJSONField


def path_of(probe_id: int) -> str:
    """The page of a probe."""
    return f"/monitoring/probes/{probe_id}/"


def source_of(probe_id: int) -> str:
    """What a probe is called in signals and changes of state."""
    return f"probe:{probe_id}"


class Probe(models.Model):
    """A question asked of a service from outside again and again, and the present answer.

    `config` means what its kind says (see kinds/). Times are seconds. The lower half is written by the engine only.
    `last_outcome` is the last single result; `status` changes when `streak` equal ones in a row have confirmed it.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="probes")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, default="http")
    config: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    secrets = EncryptedJSONField(
        default=dict, help_text="What must not be read in the database, e.g. headers."
    )
    interval = models.PositiveIntegerField(default=30)
    retry_interval = models.PositiveIntegerField(
        default=10, help_text="Until a failure is confirmed or disproved."
    )
    timeout = models.PositiveIntegerField(default=10, help_text="For the whole answer, DNS included.")
    failure_threshold = models.PositiveSmallIntegerField(
        default=2, help_text="Failures in a row before it is down."
    )
    recovery_threshold = models.PositiveSmallIntegerField(
        default=1, help_text="Successes in a row before it is up."
    )
    regions: "models.JSONField[Any, Any]" = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="Names; none: it is asked from here.",
    )
    quorum = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Regions that must say it is down; 0: most of them."
    )
    is_paused = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1, help_text="Grows when what is asked changes.")
    created_at = models.DateTimeField(auto_now_add=True)

    status = models.CharField(max_length=12, choices=Status, default=Status.UNKNOWN)
    status_since = MomentField(null=True)
    last_outcome = models.CharField(max_length=12, choices=Status, blank=True)
    streak = models.PositiveIntegerField(default=0, help_text="Results like the last one in a row.")
    streak_since = MomentField(null=True)
    last_at = MomentField(null=True)
    last_ms = models.PositiveIntegerField(null=True)
    last_code = models.PositiveSmallIntegerField(null=True)
    last_error = models.TextField(blank=True, help_text="Why the last result was not good, in plain words.")
    certificate_expires_at = MomentField(null=True)
    certificate_seen_at = MomentField(null=True)
    next_at = MomentField(null=True)
    leased_until = MomentField(null=True)
    settled_until = MomentField(null=True, help_text="Up to here, time is in the buckets.")

    class Meta:
        ordering = ("name", "id")
        indexes = [models.Index(F("next_at"), condition=Q(is_paused=False), name="probes_probe_due")]
        constraints = [
            models.UniqueConstraint(fields=["service", "name"], name="probes_probe_name_once"),
            models.CheckConstraint(
                condition=Q(interval__gte=5, retry_interval__gte=5, timeout__gte=1), name="probes_probe_pace"
            ),
            models.CheckConstraint(
                condition=Q(failure_threshold__gte=1, recovery_threshold__gte=1),
                name="probes_probe_thresholds",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str:
        return source_of(self.pk)

    @property
    def needed(self) -> int:
        """How many of its regions must say that it is down."""
        return min(self.quorum or majority(len(self.regions)), max(1, len(self.regions)))

    @property
    def failures(self) -> int:
        return self.streak if self.last_outcome == Status.DOWN else 0

    @property
    def is_pending(self) -> bool:
        """Whether the last results say something else than the status, not yet often enough."""
        return bool(self.last_outcome) and not self.is_paused and self.last_outcome != self.status


class Finding(models.Model):
    """What else a probe learnt when it last learnt anything, as its kind has it (see kinds/). `ends_at`: when it runs out."""

    probe = models.OneToOneField(Probe, on_delete=models.CASCADE, primary_key=True, related_name="finding")
    at = MomentField()
    facts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    ends_at = MomentField(null=True, help_text="E.g. the domain.")

    class Meta:
        indexes = [models.Index(F("ends_at"), condition=Q(ends_at__isnull=False), name="probes_finding_ends")]


class EndingNotice(models.Model):
    """Channels were told that what a probe looks at ends in so many days: once for each end and each threshold."""

    probe = models.ForeignKey(Probe, on_delete=models.CASCADE, related_name="notices")
    what = models.CharField(max_length=12, help_text="certificate or domain")
    ends_at = MomentField()
    days = models.PositiveSmallIntegerField()
    at = MomentField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["probe", "what", "ends_at", "days"], name="probes_ending_told_once"
            )
        ]
