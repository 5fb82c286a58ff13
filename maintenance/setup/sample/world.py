"""What every part of the sample needs: its clock, its dice, its people, and the list of what it made."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db.models import Model

from maintenance.setup.models import SampleRow
from monitoring.catalogue.models import Service
from monitoring.heartbeats.models import Heartbeat
from monitoring.probes.models import Probe
from opsconsole.accounts.models import User
from opsconsole.outbox.models import Channel


@dataclass
class World:
    """`now` is when the sample ends; `days` how far back it begins. `dice` makes the same choices for the same seed."""

    now: datetime
    days: int
    dice: Random
    zone: ZoneInfo
    people: dict[str, User] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    probes: list[Probe] = field(default_factory=list)
    heartbeats: list[Heartbeat] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)

    @property
    def start(self) -> datetime:
        return self.now - timedelta(days=self.days)

    @property
    def dates(self) -> list[date]:
        """Every whole day of the sample in the team's zone, oldest first; today is not among them."""
        today = self.now.astimezone(self.zone).date()
        return [today - timedelta(days=n) for n in range(self.days - 1, 0, -1)]

    def keep(self, rows: Iterable[Model]) -> None:
        """Remember rows that this sample made."""
        SampleRow.objects.bulk_create(
            [SampleRow(model=row._meta.label_lower, key=str(row.pk)) for row in rows], ignore_conflicts=True
        )
