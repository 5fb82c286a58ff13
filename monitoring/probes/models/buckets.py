"""The roll-ups that pages and reports read."""

from django.db import models

from monitoring.catalogue.models import Service
from monitoring.probes.models.probes import Probe


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
