"""Readers of regions."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q

from monitoring.regions.models import Region
from monitoring.regions.states import is_silent


@dataclass(frozen=True)
class Heard:
    """A region, whether it is silent, how many probes are asked from it, and how many of those are paused."""

    name: str
    seen_at: datetime
    trouble: str
    is_silent: bool
    probes: int
    asked: int

    @property
    def complaint(self) -> str:
        """Why it says nothing; "" while it does."""
        return "Nothing has been heard from it for over a minute." if self.is_silent else self.trouble


def are_offered() -> bool:
    """Workers elsewhere need a database and a broker that they can reach: SQLite lives in one machine."""
    return connection.vendor == "postgresql" and bool(settings.REDIS_URL)


def regions(now: datetime) -> list[Heard]:
    """All that have ever reported, by name; one query."""
    rows = Region.objects.order_by("name").annotate(
        probes=Count("sightings"),
        asked=Count("sightings", filter=Q(sightings__next_at__isnull=False)),
    )
    return [
        Heard(row.name, row.seen_at, row.trouble, is_silent(row.seen_at, now), row.probes, row.asked)
        for row in rows
    ]


def names() -> list[str]:
    return list(Region.objects.values_list("name", flat=True))
