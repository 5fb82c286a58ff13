"""Single runs, kept for a while."""

from django.db import models

from monitoring.probes.models.probes import Probe
from opsconsole.lib.moments import MomentField


class Run(models.Model):
    """One run: when, and what it gave; `outcome` as in states.CODES."""

    at = MomentField()
    outcome = models.PositiveSmallIntegerField()
    ms = models.PositiveIntegerField(null=True)
    code = models.PositiveSmallIntegerField(null=True)

    class Meta:
        abstract = True


class Result(Run):
    """One run of a probe. Kept for 30 days, clustered by probe and time; by day in PostgreSQL."""

    pk = models.CompositePrimaryKey("probe_id", "at")
    probe = models.ForeignKey(Probe, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)


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
