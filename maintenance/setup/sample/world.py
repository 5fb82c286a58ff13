"""What every part of the sample needs: its clock, its dice, its people, and the list of what it made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Model

from maintenance.setup.models import SampleRow
from monitoring.alerts.models import Rule
from monitoring.catalogue.models import Service
from monitoring.heartbeats.models import Heartbeat
from monitoring.probes.models import Probe
from opsconsole.accounts.models import User
from opsconsole.outbox.models import Channel


@dataclass
class World:
    """`now` is when the sample ends; `days` how far back it begins. `dice` makes the same choices for the same seed.

    Probes are known by the name of their service, all others by their own.
    """

    now: datetime
    days: int
    dice: Random
    zone: ZoneInfo
    people: dict[str, User] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    probes: dict[str, Probe] = field(default_factory=dict)
    heartbeats: dict[str, Heartbeat] = field(default_factory=dict)
    channels: list[Channel] = field(default_factory=list)
    rules: dict[str, Rule] = field(default_factory=dict)
    seed: int = 0

    def own(self, name: str) -> Random:
        """Dice of a part's own, so that what it draws changes nothing elsewhere."""
        return Random(f"{self.seed}:{name}")  # noqa: S311 — dice, not secrets

    @property
    def start(self) -> datetime:
        return self.now - timedelta(days=self.days)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def dates(self) -> list[date]:
        """Every whole day of the sample in the team's zone, oldest first; today is not among them."""
        return [self.today - timedelta(days=n) for n in range(self.days - 1, 0, -1)]

    def keep(self, rows: Iterable[Model]) -> None:
        """Remember rows that this sample made."""
        insert(SampleRow, ("model", "key"), ((row._meta.label_lower, str(row.pk)) for row in rows))


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write many rows of plain values at once, leaving out those that are there; a tenth of what objects would cost."""
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING",  # noqa: S608 — names of ours
            list(rows),
        )
