"""Series of figures from outside, their roll-ups, and the keys that open the address for pushing."""

from datetime import timedelta
from math import inf
from typing import Any

from django.db import models
from django.db.models import F, Q

from monitoring.catalogue.models import Service
from monitoring.metrics.buckets import Buckets
from monitoring.metrics.states import LEAST_PATIENCE, Better, Kind, Part, Statistic, patience, statistic_of
from opsconsole.accounts.models import User
from opsconsole.lib.moments import MomentField
from opsconsole.lib.secrets import EncryptedJSONField


class PushKey(models.Model):
    """Whoever has it may push. Only its digest is kept; the prefix tells keys apart."""

    name = models.CharField(max_length=80)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = "key for pushing metrics"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Source(models.Model):
    """Where figures are fetched from again and again. `config` and `secrets` mean what its kind says (see sources/).

    `metric` is what its series is called, where the kind brings no names of its own.
    """

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    config: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    secrets = EncryptedJSONField(default=dict)
    metric = models.CharField(max_length=200, unique=True)
    unit = models.CharField(max_length=20, blank=True)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    interval = models.DurationField(default=timedelta(minutes=1))
    is_paused = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    last_error = models.TextField(blank=True)
    last_at = models.DateTimeField(null=True, help_text="When it was last read well.")
    samples = models.PositiveIntegerField(default=0, help_text="That the last good reading brought.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "id")
        indexes = [models.Index(F("next_at"), condition=Q(is_paused=False), name="metrics_source_due")]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """One figure over time: its name and labels as they were sent, and what people say about it.

    `last_at` and `last_value` are of the newest hour that is folded, `usual_gap` seconds between samples, as seen there.
    """

    name = models.CharField(max_length=200)
    labels = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, unique=True)
    slug = models.CharField(
        max_length=70, unique=True
    )  # “metric:…” is the name of a figure, of 80 characters
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.GAUGE)
    title = models.CharField(max_length=160)
    unit = models.CharField(max_length=20, blank=True)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="series"
    )
    part = models.CharField(max_length=12, choices=Part, blank=True)
    board = models.CharField(max_length=40, blank=True, help_text="The shipped dashboard on which it stands.")
    statistic = models.CharField(max_length=8, choices=Statistic, blank=True)
    better = models.CharField(max_length=8, choices=Better, default=Better.LOWER)
    target = models.FloatField(null=True, blank=True)
    limit = models.FloatField(null=True, blank=True)
    every = models.DurationField(
        null=True, blank=True, help_text="How often it should come; empty: as it did."
    )
    key = models.ForeignKey(PushKey, null=True, on_delete=models.SET_NULL, related_name="series")
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="series")
    last_at = MomentField(null=True)
    last_value = models.FloatField(null=True)
    usual_gap = models.FloatField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(help_text="When its kind last changed.")

    class Meta:
        ordering = ("title", "id")
        indexes = [
            models.Index(fields=["title", "id"], name="metrics_series_title"),
            models.Index(fields=["-changed_at"], name="metrics_series_changed"),
        ]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.title

    @property
    def spelling(self) -> str:
        """As Prometheus writes it: `http_requests{code="200"}`."""
        pairs = ",".join(f'{key}="{value}"' for key, value in sorted(self.labels.items()))
        return f"{self.name}{{{pairs}}}" if pairs else self.name

    @property
    def measure_slug(self) -> str:
        return f"metric:{self.slug}"

    @property
    def figure(self) -> Statistic:
        return statistic_of(self.kind, self.statistic)

    @property
    def patience(self) -> timedelta:
        return patience(self.every, self.usual_gap)

    @property
    def reach(self) -> timedelta:
        """For how long a sample speaks: as long as the next one may take, and of a new series not so long."""
        return self.patience if self.every or self.usual_gap else LEAST_PATIENCE


class Size(models.IntegerChoices):
    """How long a bucket is, nominally, in seconds. A day is one of the team's zone, so it may have 23 or 25 hours."""

    MINUTE = 60, "Minute"
    HOUR = 3600, "Hour"
    DAY = 86400, "Day"


class Bucket(models.Model):
    """A series over a span: a `rolls.Roll`. `start` is seconds since 1970, `first_at` and `last_at` milliseconds.

    `seen` has, of minutes, the milliseconds within it (two bytes each) of samples that named their time: repeated ones change
    nothing.
    """

    pk = models.CompositePrimaryKey("series_id", "size", "start")
    series = models.ForeignKey(
        Series, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    size = models.PositiveIntegerField(choices=Size)
    start = models.PositiveBigIntegerField()
    n = models.PositiveBigIntegerField()
    total = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    first = models.FloatField()
    first_at = models.PositiveBigIntegerField()
    last = models.FloatField()
    last_at = models.PositiveBigIntegerField()
    histogram = models.TextField(blank=True)
    seen = models.BinaryField()


class Counts(models.Model):
    """What the buckets of a histogram counted when they came last: the next ones are held against it, and only the growth is kept.

    `bounds` are the finite ones, `counts` has one more. `changed_at` is when other bounds came than before.
    """

    series = models.OneToOneField(
        Series, primary_key=True, on_delete=models.CASCADE, db_constraint=False, related_name="counts"
    )
    at = models.PositiveBigIntegerField(help_text="Milliseconds since 1970.")
    bounds: "models.JSONField[Any, Any]" = models.JSONField()
    counts: "models.JSONField[Any, Any]" = models.JSONField()
    total = models.FloatField(null=True)
    changed_at = MomentField(null=True)

    class Meta:
        verbose_name_plural = "counts"

    @property
    def buckets(self) -> Buckets:
        return Buckets((*self.bounds, inf), tuple(self.counts), self.total)


class Stale(models.Model):
    """An hour of a series whose minutes have changed since it was folded, or that never was."""

    pk = models.CompositePrimaryKey("series_id", "start")
    series = models.ForeignKey(
        Series, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    start = models.PositiveBigIntegerField()
