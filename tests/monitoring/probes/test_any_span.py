"""Whatever span is asked for, and however far minutes are folded, each of them is counted in exactly one slice."""

from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitoring.catalogue.histories import Wanted
from monitoring.catalogue.states import Status
from monitoring.probes import folding, history
from monitoring.probes.engine.store import store
from monitoring.probes.engine.tally import Tally
from monitoring.probes.models import Bucket, Fold, Probe, Size
from opsconsole.accounts.models import Team
from opsconsole.lib import clock
from opsconsole.lib.periods import midnight
from tests.monitoring import make

HOURS = 60
# Where midnight lies within an hour, and a moment at which clocks are changed: by an hour or half of one, at night or at midnight.
CHANGES = {
    "UTC": datetime(2026, 11, 16, tzinfo=UTC),
    "Europe/Vienna": datetime(2026, 10, 25, 1, tzinfo=UTC),
    "America/St_Johns": datetime(2026, 3, 8, 5, 30, tzinfo=UTC),
    "America/Havana": datetime(2026, 11, 1, 5, tzinfo=UTC),
    "America/Santiago": datetime(2026, 9, 6, 4, tzinfo=UTC),
    "Asia/Kolkata": datetime(2026, 11, 16, tzinfo=UTC),
    "Asia/Kathmandu": datetime(2026, 11, 16, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    "Pacific/Chatham": datetime(2026, 9, 26, 14, tzinfo=UTC),
}
QUARTERS = 4 * HOURS
quarters = st.integers(0, QUARTERS)
zones = st.sampled_from(sorted(CHANGES))
FOLD: dict[str, Callable[[datetime], Any]] = {
    "fold": folding.fold,
    "minutes": folding.fold_minutes,
    "hours": folding.fold_hours,
}
folds = st.tuples(st.sampled_from(sorted(FOLD)), quarters)
happenings = st.lists(
    st.one_of(folds, st.tuples(st.just("late"), quarters), st.tuples(st.just("move"), zones)), max_size=5
)
edges = st.one_of(quarters, st.integers(0, 2).map(lambda nth: -nth))
"""Of a span: a quarter of an hour, or (if not above 0) a midnight."""


@dataclass
class World:
    """A probe of which the down time of some minutes is known: `down`, by their starts, in milliseconds."""

    zone: str
    begin: int
    probe: Probe
    down: Counter[int] = field(default_factory=Counter)

    def at(self, quarter: int) -> int:
        if quarter > 0:
            return self.begin + 900 * quarter
        days = sorted({self.day(self.begin + 3600 * n) for n in range(HOURS)})
        return days[-quarter]

    def measured(self) -> None:
        """Something in the first minute of each quarter of an hour, each time something else."""
        self.down.update({self.begin + 900 * n: 1 + n * 7919 % 60_000 for n in range(QUARTERS)})
        Bucket.objects.bulk_create(
            Bucket(probe=self.probe, size=Size.MINUTE, start=start, down=ms)
            for start, ms in self.down.items()
        )

    def happens(self, what: str, given: Any) -> None:
        if what == "late":
            self.late(given)
        elif what == "move":
            self.move(given)
        else:
            FOLD[what](clock.moment(self.begin + 900 * given + folding.WAIT))

    def late(self, quarter: int) -> None:
        """As the engine writes it."""
        at, tally = self.begin + 900 * quarter, Tally(store().folded())
        tally._span(self.probe.pk, (Status.DOWN, at * 1000, at * 1000 + 500))
        store().add_buckets(tally.rows())
        self.down[at] += 500

    def move(self, zone: str) -> None:
        self.zone = zone
        Team.objects.update(time_zone=zone)
        while folding.fold_hours(clock.moment(self.begin)):
            pass

    def expected(self, start: int, end: int, step: str) -> dict[int, float]:
        """The slow way. A minute that is folded counts where its hour begins."""
        folded = Fold.objects.filter(size=Size.HOUR).values_list("until", flat=True).first() or 0
        found: Counter[int] = Counter()
        for minute, ms in self.down.items():
            at = minute - minute % 3600 if minute < folded else minute
            if start <= at < end:
                found[self.day(at) if step == "day" else at - at % 3600] += ms
        return {at: ms / 1000 for at, ms in found.items()}

    def day(self, at: int) -> int:
        where = ZoneInfo(self.zone)
        return clock.epoch(midnight(clock.moment(at).astimezone(where).date(), where))

    def read(self, start: int, end: int, step) -> dict[int, float]:
        wanted = Wanted([self.probe.pk], clock.moment(start), clock.moment(end), step)
        return {clock.epoch(one.start): one.down for one in history.probe_history(wanted)}


@pytest.fixture
def world(team, monkeypatch):
    """`with world(zone)`: it is forgotten afterwards."""
    monkeypatch.setattr(folding, "_MOST_STEPS", 4)

    @contextmanager
    def made(zone: str):
        with transaction.atomic():
            Team.objects.update(time_zone=zone)
            one = World(zone, clock.epoch(CHANGES[zone]) // 3600 * 3600 - HOURS * 1800, make.probe())
            one.measured()
            yield one
            transaction.set_rollback(True)

    return made


@example(
    "America/Havana", ("hours", 21), [("minutes", 1)], (0, -1), "day"
)  # days were looked at before there was an hour
@settings(max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    zone=zones,
    first=folds,
    happenings=happenings,
    edges=st.tuples(edges, edges),
    step=st.sampled_from(["day", "hour"]),
)
def test_it_counts_each_minute_once(world, zone, first, happenings, edges, step):
    with world(zone) as one:
        for happening in (first, *happenings):
            one.happens(*happening)
        start, end = sorted(map(one.at, edges))
        assert one.read(start, end, step) == one.expected(start, end, step)
