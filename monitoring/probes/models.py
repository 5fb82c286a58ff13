"""Probes, what they found, and the roll-ups that pages and reports read."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from monitoring.catalogue.models import Service
from monitoring.catalogue.states import Status
from monitoring.probes.votes import majority
from monitoring.regions.models import Region
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


class Sighting(models.Model):
    """A probe as one of its regions sees it: what the lower half of Probe is for all together. Written by that region's engine.

    `next_at` is None while the probe is paused. `begun_at`: since when it is asked from there.
    """

    probe = models.ForeignKey(Probe, on_delete=models.CASCADE, related_name="sightings")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="sightings", db_index=False)
    begun_at = MomentField()
    status = models.CharField(max_length=12, choices=Status, default=Status.UNKNOWN)
    status_since = MomentField(null=True)
    last_outcome = models.CharField(max_length=12, choices=Status, blank=True)
    streak = models.PositiveIntegerField(default=0)
    streak_since = MomentField(null=True)
    last_at = MomentField(null=True)
    settled_until = MomentField(null=True)
    last_ms = models.PositiveIntegerField(null=True)
    last_code = models.PositiveSmallIntegerField(null=True)
    last_error = models.TextField(blank=True)
    next_at = MomentField(null=True)
    leased_until = MomentField(null=True)

    class Meta:
        ordering = ("region",)
        indexes = [models.Index(fields=["region", "next_at"], name="probes_sighting_due")]
        constraints = [models.UniqueConstraint(fields=["probe", "region"], name="probes_sighting_once")]


class SightingResult(models.Model):
    """One run from a region, kept as long as a Result."""

    pk = models.CompositePrimaryKey("sighting_id", "at")
    sighting = models.ForeignKey(Sighting, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    at = MomentField()
    outcome = models.PositiveSmallIntegerField()
    ms = models.PositiveIntegerField(null=True)
    code = models.PositiveSmallIntegerField(null=True)


class SightingHour(models.Model):
    """A probe from one region over an hour, in milliseconds, as in a Bucket; `latency` is the sum over good answers."""

    pk = models.CompositePrimaryKey("sighting_id", "start")
    sighting = models.ForeignKey(Sighting, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    start = models.PositiveBigIntegerField(help_text="Seconds since 1970.")
    up = models.PositiveBigIntegerField(default=0)
    degraded = models.PositiveBigIntegerField(default=0)
    down = models.PositiveBigIntegerField(default=0)
    unknown = models.PositiveBigIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    latency = models.PositiveBigIntegerField(default=0)


class Result(models.Model):
    """One run of a probe. Kept for 30 days, clustered by probe and time; by day in PostgreSQL. `outcome` as in states.CODES."""

    pk = models.CompositePrimaryKey("probe_id", "at")
    probe = models.ForeignKey(Probe, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    at = MomentField()
    outcome = models.PositiveSmallIntegerField()
    ms = models.PositiveIntegerField(null=True)
    code = models.PositiveSmallIntegerField(null=True)


class Failure(models.Model):
    """What a failing answer looked like: the reason in plain words and the first 4 KB of the body.

    `size` is how many bytes of it came, None where that was not counted; `is_cut` that more was there and was not read.
    """

    probe = models.ForeignKey(Probe, on_delete=models.CASCADE, related_name="kept_failures")
    at = MomentField()
    reason = models.TextField()
    code = models.PositiveSmallIntegerField(null=True)
    ms = models.PositiveIntegerField(null=True)
    body = models.TextField(blank=True)
    content_type = models.CharField(max_length=100, blank=True, default="")
    size = models.PositiveBigIntegerField(null=True)
    is_cut = models.BooleanField(default=False)
    region = models.CharField(
        max_length=30, blank=True, default="", help_text="Empty: it was asked from here."
    )

    class Meta:
        indexes = [models.Index(fields=["probe", "-at"], name="probes_failure_newest")]
        ordering = ("-at", "-id")


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


class Size(models.IntegerChoices):
    """How long a bucket is, nominally, in seconds. A day is one of the team's zone, so it may have 23 or 25 hours."""

    MINUTE = 60, "Minute"
    HOUR = 3600, "Hour"
    DAY = 86400, "Day"


class Bucket(models.Model):
    """A probe over a span of time: how long it was what, how often it was asked, and how fast it answered.

    All times are milliseconds, `start` alone is seconds since 1970. `up` to `maintenance` add up to what was measured, and what was
    measured under maintenance is in the last alone;
    `latency` to `first_byte` are sums over `runs` that got a good answer, the last four of what each step took, and `histogram`
    (opsconsole.lib.histograms) counts those.
    """

    pk = models.CompositePrimaryKey("probe_id", "size", "start")
    probe = models.ForeignKey(Probe, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    size = models.PositiveIntegerField(choices=Size)
    start = models.PositiveBigIntegerField()
    up = models.PositiveBigIntegerField(default=0)
    degraded = models.PositiveBigIntegerField(default=0)
    down = models.PositiveBigIntegerField(default=0)
    unknown = models.PositiveBigIntegerField(default=0)
    maintenance = models.PositiveBigIntegerField(default=0)
    runs = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    latency = models.PositiveBigIntegerField(default=0)
    dns = models.PositiveBigIntegerField(default=0)
    connect = models.PositiveBigIntegerField(default=0)
    tls = models.PositiveBigIntegerField(default=0)
    first_byte = models.PositiveBigIntegerField(default=0)
    histogram = models.TextField(default="", blank=True)


class Fold(models.Model):
    """How far the smaller buckets have been added up into those of `size`: all before `until` is in the larger ones."""

    size = models.PositiveIntegerField(choices=Size, unique=True)
    until = models.PositiveBigIntegerField(help_text="Seconds since 1970.")
    begun = models.PositiveBigIntegerField(
        default=0, help_text="Of days: when the one began that is going on at `until`."
    )
    zone = models.CharField(max_length=64, blank=True, help_text="Whose midnights days were cut at.")


class ServiceDay(models.Model):
    """A service over a day, as far as it is folded, in milliseconds: the longest of its probes' times (together.py)."""

    pk = models.CompositePrimaryKey("service_id", "start")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, db_index=False)
    start = models.PositiveBigIntegerField(help_text="Seconds since 1970.")
    measured = models.PositiveBigIntegerField()
    slow = models.PositiveBigIntegerField()
    down = models.PositiveBigIntegerField()
    maintenance = models.PositiveBigIntegerField(default=0)


class Hour(models.Model):
    """All probes together over an hour, as far as its minutes are folded. It says what their buckets say (together.py)."""

    start = models.PositiveBigIntegerField(primary_key=True, help_text="Seconds since 1970.")
    measured = models.PositiveBigIntegerField(help_text="Milliseconds up, slow or down.")
    unknown = models.PositiveBigIntegerField(help_text="Milliseconds.")
    runs = models.PositiveIntegerField()
    failures = models.PositiveIntegerField()
    histogram = models.TextField()
