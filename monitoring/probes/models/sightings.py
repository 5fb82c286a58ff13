"""Probes as their regions see them."""

from django.db import models

from monitoring.catalogue.states import Status
from monitoring.probes.models.probes import Probe
from monitoring.probes.models.results import Run
from monitoring.regions.models import Region
from opsconsole.lib.moments import MomentField


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


class SightingResult(Run):
    """One run from a region, kept as long as a Result."""

    pk = models.CompositePrimaryKey("sighting_id", "at")
    sighting = models.ForeignKey(Sighting, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)


class SightingHour(models.Model):
    """A probe from one region over an hour, in milliseconds, as in a Bucket; `latency` is the sum over good answers, of which the
    `histogram` is kept for two days."""

    pk = models.CompositePrimaryKey("sighting_id", "start")
    sighting = models.ForeignKey(Sighting, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    start = models.PositiveBigIntegerField(help_text="Seconds since 1970.")
    up = models.PositiveBigIntegerField(default=0)
    degraded = models.PositiveBigIntegerField(default=0)
    down = models.PositiveBigIntegerField(default=0)
    unknown = models.PositiveBigIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    latency = models.PositiveBigIntegerField(default=0)
    runs = models.PositiveIntegerField(default=0, db_default=0)
    failures = models.PositiveIntegerField(default=0, db_default=0)
    histogram = models.TextField(default="", db_default="", blank=True)
