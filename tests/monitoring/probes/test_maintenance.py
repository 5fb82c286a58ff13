"""Time in a maintenance window is maintenance and nothing else, in every roll-up alike, whenever the window was planned."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.alerts.windows import Plan, window_change, window_end, window_remove
from monitoring.catalogue.histories import Wanted, total
from monitoring.probes import folding, history, services
from monitoring.probes.engine.store import store
from monitoring.probes.models import Bucket, Probe, Result, Size
from monitoring.probes.recounting import by_share, recount
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.clock import epoch
from opsconsole.lib.histograms import decode
from tests.conftest import NOW
from tests.monitoring import make
from tests.monitoring.alerts.make import window
from tests.monitoring.probes.asked import asked, buckets, seconds
from tests.monitoring.probes.test_together import it_holds

pytestmark = pytest.mark.usefixtures("team")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OUTAGE = "u" * 100 + "d" * 60 + "s" * 10 + "u" * 81  # 30 minutes down, in two hours and five minutes


@pytest.fixture
def probe() -> Probe:
    return make.probe(failure_threshold=2)


def once(probe: Probe, start: float, hours: float, **fields):
    """Maintenance that begins so many minutes after NOW."""
    return window(probe.service, starts_at=NOW + start * MINUTE, hours=hours, **fields)


def test_it_counts_an_outage_under_maintenance_as_maintenance(probe):
    once(probe, 45, 1)
    asked(probe, OUTAGE, NOW)
    assert seconds(probe) == {"up": 3900, "maintenance": 3600}


def test_it_cuts_at_the_second_where_a_window_begins_and_ends(probe):
    once(probe, 60 + 11 / 60, 0.25)
    asked(probe, OUTAGE, NOW)
    assert seconds(probe) == {"up": 5400, "degraded": 300, "down": 900, "maintenance": 900}


def answers(probe: Probe) -> tuple[int, int, int]:
    """How many runs, failures and good answers count in minutes."""
    rows = list(Bucket.objects.filter(probe_id=probe.pk, size=Size.MINUTE))
    good = sum(decode(row.histogram).total() for row in rows)
    return sum(row.runs for row in rows), sum(row.failures for row in rows), good


def test_it_counts_no_answer_that_came_under_maintenance(probe):
    once(probe, 2, 5 / 60)
    asked(probe, "uuuu" + "ddddusssuu" + "udd", NOW)
    assert answers(probe) == (7, 2, 5)


def test_it_leaves_the_other_services_alone(probe):
    window(make.service("Docs"))
    asked(probe, "uuu", NOW)
    assert seconds(probe) == {"up": 60}


def test_it_sees_at_the_next_result_that_something_was_planned_or_ended(probe):
    engine = store()
    at = asked(probe, "uuu", NOW, engine=engine)
    row = once(probe, 1, 1, now=at)
    at = asked(probe, "uuu", at, engine=engine)
    window_end(actor=SYSTEM, window=row, now=at - timedelta(seconds=30))
    asked(probe, "uu", at, engine=engine)
    assert seconds(probe) == {"up": 120, "maintenance": 90}


def test_it_asks_one_query_a_batch_and_reads_plans_once(probe):
    engine = store()
    at = asked(probe, "u", NOW, engine=engine)
    with CaptureQueriesContext(connection) as queries:
        asked(probe, "uuu", at, engine=engine)
    said = [query["sql"] for query in queries]
    assert sum("catalogue_replanned" in sql for sql in said) == 3
    assert not any("alerts_window" in sql for sql in said)


@pytest.mark.parametrize("folded", [0, 50, 70, 24 * 60])
@pytest.mark.parametrize(("start", "hours"), [(0, 3), (45, 1), (60.2, 0.25), (-30, 1)])
def test_it_counts_a_window_made_afterwards_like_one_made_before(probe, start, hours, folded):
    other = make.probe("Other", service=make.service("Other"))
    once(other, start, hours)
    for one in (probe, other):
        asked(one, OUTAGE, NOW - 5 * MINUTE)
    folding.fold(NOW + folded * MINUTE)
    once(probe, start, hours, now=NOW + 3 * HOUR)
    assert recount(NOW + 3 * HOUR) == 2
    mine, others = ({row[:2]: row for row in buckets(one)} for one in (probe, other))
    assert mine == others
    assert it_holds()


@pytest.mark.parametrize("folded", [0, 70, 24 * 60])
def test_it_counts_as_before_what_is_taken_back(probe, folded):
    asked(probe, OUTAGE, NOW)
    folding.fold(NOW + folded * MINUTE)
    before = buckets(probe)
    row = once(probe, 20, 1, now=NOW + 3 * HOUR)
    recount(NOW + 3 * HOUR)
    assert buckets(probe) != before
    window_remove(actor=SYSTEM, window=row, now=NOW + 3 * HOUR)
    recount(NOW + 3 * HOUR)
    assert buckets(probe) == before
    assert it_holds()


def test_it_counts_a_window_in_which_nobody_asked_as_maintenance(probe):
    once(probe, 10, 1)
    asked(probe, "u" * 31 + "." * 100 + "u" * 21, NOW)
    assert seconds(probe) == {"up": 600 + 330, "maintenance": 3600}


def test_it_does_not_count_what_nobody_asked_outside_of_the_window(probe):
    once(probe, 20, 0.25)
    asked(probe, "u" * 21 + "." * 100 + "uu", NOW)
    assert seconds(probe) == {"up": 630, "maintenance": 900}


@pytest.mark.parametrize("folded", [0, 50, 24 * 60])
@pytest.mark.parametrize("gap", [10, 100, 400])
def test_it_counts_a_window_made_afterwards_over_a_time_in_which_nobody_asked(probe, gap, folded):
    other = make.probe("Other", service=make.service("Other"))
    once(other, 20, 1)
    for one in (probe, other):
        asked(one, "u" * 31 + "." * gap + "ud" * 60, NOW)
    folding.fold(NOW + folded * MINUTE)
    row = once(probe, 20, 1, now=NOW + 6 * HOUR)
    recount(NOW + 6 * HOUR)
    mine, others = ({row[:2]: row for row in buckets(one)} for one in (probe, other))
    assert mine == others
    window_remove(actor=SYSTEM, window=row, now=NOW + 6 * HOUR)
    recount(NOW + 6 * HOUR)
    assert "maintenance" not in seconds(probe) | seconds(probe, size=Size.HOUR)
    assert it_holds()


def test_it_leaves_a_pause_under_maintenance_not_measured(probe):
    at = asked(probe, "uuu", NOW)
    services.probe_pause(actor=SYSTEM, probe=probe, now=at)
    services.probe_resume(actor=SYSTEM, probe=probe, now=at + HOUR)
    asked(probe, "uuu", at + HOUR)
    once(probe, 0, 2, now=NOW + 3 * HOUR)
    recount(NOW + 3 * HOUR)
    assert seconds(probe) == {"maintenance": 120}


def test_it_counts_anew_what_is_changed(probe):
    row = once(probe, 0, 1)
    asked(probe, OUTAGE, NOW)
    plan = Plan(repeats="once", starts_at=NOW + 45 * MINUTE, lasts=HOUR)
    window_change(
        actor=SYSTEM, window=row, reason="Later", services=[probe.service], plan=plan, now=NOW + 3 * HOUR
    )
    recount(NOW + 3 * HOUR)
    assert seconds(probe) == {"up": 3900, "maintenance": 3600}


def test_it_counts_anew_twice_to_the_same(probe):
    asked(probe, OUTAGE, NOW)
    once(probe, 45, 1, now=NOW + 3 * HOUR)
    recount(NOW + 3 * HOUR)
    before = buckets(probe)
    once(probe, 45, 1, now=NOW + 3 * HOUR)
    recount(NOW + 3 * HOUR)
    assert buckets(probe) == before


def test_it_loses_nothing_of_a_pause_or_of_a_gap(probe):
    at = asked(probe, "uuuu" + "." * 20 + "uddddu" + "?" * 5 + "u", NOW)
    services.probe_pause(actor=SYSTEM, probe=probe, now=at)
    services.probe_resume(actor=SYSTEM, probe=probe, now=at)
    asked(probe, "udu", at)
    measured = sum(seconds(probe).values())
    once(probe, 0, 0.05, now=NOW + HOUR)
    recount(NOW + HOUR)
    assert sum(seconds(probe).values()) == measured + 90  # of the gap, which began under maintenance
    assert seconds(probe)["maintenance"] == 180


def test_it_finds_the_pace_at_which_it_was_asked_then(probe):
    Probe.objects.update(interval=300)
    asked(probe, "u" * 25, NOW, every=300)
    Probe.objects.update(interval=30)
    once(probe, 30, 0.5, now=NOW + 3 * HOUR)
    recount(NOW + 3 * HOUR)
    assert seconds(probe) == {"up": 5400, "maintenance": 1800}


def test_it_parts_an_hour_by_share_where_results_are_gone(probe):
    asked(probe, OUTAGE, NOW)
    folding.fold(NOW + 24 * HOUR)
    Result.objects.all().delete()
    once(probe, 0, 1.5, now=NOW + 3 * HOUR)
    recount(NOW + 3 * HOUR)
    assert round(sum(seconds(probe, size=Size.HOUR).values())) == 7500
    assert round(seconds(probe, size=Size.HOUR)["maintenance"], 1) == 5400
    assert it_holds()


def test_it_parts_answers_by_share_where_results_are_gone(probe):
    asked(probe, OUTAGE, NOW)
    folding.fold(NOW + 24 * HOUR)
    Result.objects.all().delete()
    once(probe, 90, 0.25, now=NOW + 3 * HOUR)
    recount(NOW + 3 * HOUR)
    row = Bucket.objects.get(size=Size.HOUR, start=epoch(NOW + HOUR))
    assert (row.runs, row.failures, decode(row.histogram).total()) == (90, 30, 60)
    assert it_holds()


@pytest.mark.parametrize(
    ("was", "share", "then"),
    [
        ([100, 0, 0, 0, 0], 0.5, [50, 0, 0, 0, 50]),
        ([40, 0, 40, 0, 20], 1, [0, 0, 0, 0, 100]),
        ([0, 0, 0, 0, 100], 0, [0, 0, 0, 100, 0]),
        ([0, 0, 0, 0, 0], 1, [0, 0, 0, 0, 0]),
    ],
)
def test_it_parts_time_by_share(was, share, then):
    assert by_share(was, share) == then


def test_it_leaves_maintenance_out_of_uptime_and_out_of_what_should_be_measured(probe):
    once(probe, 45, 1)
    end = asked(probe, OUTAGE, NOW)
    for step in ("hour", "day"):
        found = history.service_history(Wanted([probe.service.pk], NOW, end, step))
        whole = total(found, (end - NOW).total_seconds() - 30)
        assert (whole.uptime, whole.coverage, whole.maintenance) == (1, 1, 3600)
    folding.fold(NOW + 48 * HOUR)
    found = history.service_history(Wanted([probe.service.pk], NOW - 24 * HOUR, NOW + 24 * HOUR, "day"))
    assert (total(found).down, total(found).maintenance) == (0, 3600)
