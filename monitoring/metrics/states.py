"""What a series can be, and the rules about its times: pure, over fields and one `now`."""

from datetime import datetime, timedelta

from django.db import models

AHEAD = timedelta(minutes=1)  # that a sender's clock may be wrong
LATE = timedelta(days=1)
LEAST_PATIENCE, FIRST_PATIENCE = timedelta(minutes=5), timedelta(hours=26)


class Kind(models.TextChoices):
    """gauge: a level. counter: only grows, and begins at zero after a restart. distribution: each sample is one observation."""

    GAUGE = "gauge", "A level, such as memory used"
    COUNTER = "counter", "A counter that only grows, such as requests served"
    DISTRIBUTION = "distribution", "Single observations, such as the duration of each request"


class Statistic(models.TextChoices):
    """Which figure of a span stands for a series."""

    MEAN = "mean", "mean"
    LAST = "last", "newest value"
    RISE = "rise", "growth"
    P50 = "p50", "p50: half of all are below"
    P95 = "p95", "p95: 95 of 100 are below"
    P99 = "p99", "p99: 99 of 100 are below"


class Part(models.TextChoices):
    """What a series says about its service, for the page of its performance."""

    LATENCY = "latency", "Latency of its answers"
    ERRORS = "errors", "Error rate, or errors"
    REQUESTS = "requests", "Requests"
    DB_TIME = "db_time", "Time in the database"
    CPU = "cpu", "CPU"
    MEMORY = "memory", "Memory"


class Better(models.TextChoices):
    LOWER = "lower", "Less is better"
    HIGHER = "higher", "More is better"


USUAL = {Kind.GAUGE: Statistic.MEAN, Kind.COUNTER: Statistic.RISE, Kind.DISTRIBUTION: Statistic.P95}
_QUANTILES = {Statistic.P50: 0.5, Statistic.P95: 0.95, Statistic.P99: 0.99}
FITTING = {
    Kind.GAUGE: (Statistic.MEAN, Statistic.LAST),
    Kind.COUNTER: (Statistic.RISE,),
    Kind.DISTRIBUTION: (*_QUANTILES, Statistic.MEAN),
}


def statistic_of(kind: str, chosen: str) -> Statistic:
    """What was chosen where the kind has it, else what is usual for the kind."""
    fitting = FITTING[Kind(kind)]
    return Statistic(chosen) if chosen in fitting else USUAL[Kind(kind)]


def quantile_of(statistic: str) -> float | None:
    return _QUANTILES.get(Statistic(statistic))


def patience(every: timedelta | None, usual: float | None) -> timedelta:
    """How long a series may be silent: three times the interval that was set or is usual (seconds), and a little more.

    Of a new one nobody knows how often it comes: it may be once a day.
    """
    if every is None and usual is None:
        return FIRST_PATIENCE
    interval = every or timedelta(seconds=usual or 0)
    return max(LEAST_PATIENCE, 3 * interval + timedelta(minutes=2))


def is_stale(last_at: datetime | None, allowed: timedelta, now: datetime) -> bool:
    """Whether it has stopped coming: what was true long ago says nothing about now."""
    return last_at is None or now - last_at > allowed
