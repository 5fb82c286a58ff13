"""What is added up in advance always says what the buckets say, whatever happens to them."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from monitoring.catalogue.histories import Wanted
from monitoring.catalogue.services import service_delete
from monitoring.catalogue.states import Status
from monitoring.probes import folding, history, pruning, services, together
from monitoring.probes.engine.store import store
from monitoring.probes.engine.tally import Tally
from monitoring.probes.models import Bucket, Hour, Probe, ServiceDay, Size
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib import clock, histograms
from opsconsole.lib.periods import Period
from tests.monitoring import make
from tests.monitoring.probes.test_folding import minutes

pytestmark = pytest.mark.usefixtures("team")
START = datetime(2026, 11, 15, 20, 0, tzinfo=UTC)  # 21:00 in Vienna, where the team is
END = START + timedelta(hours=40)


@pytest.fixture
def probes() -> list[Probe]:
    """Two of one service and one of another, each with troubles of its own, folded but for the last minutes."""
    made = [make.probe(str(n), service=make.service(f"Service {n // 2}")) for n in range(3)]
    for n, probe in enumerate(made):
        minutes(probe, START, 60 * 30, degraded=1000 * n)
        minutes(
            probe, START + timedelta(hours=30), 60 * 10, up=0, down=60_000, failures=n, histogram=f"{n}:1"
        )
    folding.fold(END)
    return made


def days_of_buckets() -> set[tuple[int, ...]]:
    """(service, start, measured, slow, down, maintenance): of the probes of a service the longest."""
    owners = dict(Probe.objects.values_list("pk", "service_id"))
    longest: dict[tuple[int, int], tuple[int, ...]] = {}
    for row in Bucket.objects.filter(size=Size.DAY, probe_id__in=owners):
        key, times = (
            (owners[row.probe_id], row.start),
            (row.up + row.degraded + row.down, row.degraded, row.down, row.maintenance),
        )
        longest[key] = tuple(map(max, times, longest.get(key, times)))
    return {(*key, *times) for key, times in longest.items()}


def hours_of_buckets() -> dict[int, tuple[list[int], Counter[int]]]:
    """{start: ([measured, unknown, runs, failures], answers)} of all probes; hours that were all maintenance are absent."""
    found: dict[int, tuple[list[int], Counter[int]]] = {}
    for row in Bucket.objects.filter(size=Size.HOUR):
        sums, answers = found.setdefault(row.start, ([0] * 4, Counter()))
        numbers = (row.up + row.degraded + row.down, row.unknown, row.runs, row.failures)
        sums[:] = [a + b for a, b in zip(sums, numbers, strict=True)]
        answers.update(histograms.decode(row.histogram))
    return {start: hour for start, hour in found.items() if any(hour[0])}


def it_holds() -> bool:
    days = set(
        ServiceDay.objects.values_list("service_id", "start", "measured", "slow", "down", "maintenance")
    )
    hours = {
        row.start: ([row.measured, row.unknown, row.runs, row.failures], histograms.decode(row.histogram))
        for row in Hour.objects.all()
    }
    left = {start: found for start, found in hours.items() if any(found[0])}
    return days == days_of_buckets() and left == hours_of_buckets()


def test_it_holds_after_a_fold(probes):
    assert it_holds()
    assert (ServiceDay.objects.count(), Hour.objects.count()) == (6, 40)
    assert Hour.objects.order_by("start")[0].histogram == "40:360"


def test_it_holds_when_results_come_late(probes):
    tally = Tally(store().folded())
    for at in (START, START + timedelta(hours=20), END - timedelta(hours=1)):
        tally._span(probes[0].pk, (Status.DOWN, clock.epoch(at) * 1000, clock.epoch(at) * 1000 + 30_000))
    rows = [(*row[:-1], "44:1") for row in tally.rows()]
    for _ in range(2):
        store().add_buckets(rows)
        together.late_add(rows)
    assert it_holds()


def test_it_holds_when_a_probe_goes(probes):
    services.probe_delete(actor=SYSTEM, probe=probes[1], now=END)
    assert ServiceDay.objects.count() == 6
    assert pruning.prune(END) > 0
    assert it_holds()


def test_it_holds_when_a_probe_moves(probes):
    config = {"url": "https://shop.example.com/"}
    services.probe_update(
        actor=SYSTEM, probe=probes[0], name="Moved", config=config, now=END, service=probes[2].service
    )
    assert it_holds()


def test_it_holds_when_a_service_goes(probes):
    service_delete(actor=SYSTEM, service=probes[0].service)
    pruning.prune(END)
    assert it_holds()
    assert ServiceDay.objects.count() == 3


def test_it_holds_when_the_team_moves(team, probes):
    team.time_zone = "America/New_York"
    team.save()
    folding.fold(END)
    assert it_holds()


def test_it_makes_everything_anew(probes):
    Hour.objects.update(runs=7)
    ServiceDay.objects.update(down=1)
    together.make()
    assert it_holds()


@pytest.mark.parametrize(("first", "last"), [(0, 40), (7, 33), (39, 41)])
def test_it_reads_all_probes_together(probes, first, last):
    minutes(probes[0], END, 10)
    period = Period(START + timedelta(hours=first), START + timedelta(hours=last))
    found = history.everybody(period)
    one_by_one = history.runs([probe.pk for probe in probes], period)
    assert found.runs == sum(one_by_one.values(), history.Runs())
    wanted = Wanted([probe.pk for probe in probes], period.start, period.end, "day", latency=True)
    assert found.answers == histograms.merge(
        text for one in history.probe_history(wanted) for text in one.latency
    )


def test_it_forgets_the_hours_of_a_probe_a_few_at_a_time(probes):
    gone = probes[0].pk
    services.probe_delete(actor=SYSTEM, probe=probes[0], now=END)
    assert [together.hours_forget(gone, 30) for _ in range(3)] == [30, 10, 0]
    assert it_holds()
