"""What the last runs say about a schedule: hours off, ahead of time, a grace that does not fit."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.heartbeats.doctor import Advice, Seen, ahead, examine, grace, hours_off, lateness
from monitoring.heartbeats.models import Run
from monitoring.heartbeats.schedules import Plan
from monitoring.heartbeats.states import Schedule
from tests.monitoring import make

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = ("UTC", "Europe/Vienna")
T = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)


def nightly(zone: str = "Europe/Vienna", grace: timedelta = HOUR) -> Plan:
    return Plan(DAY, "0 3 * * *", zone, grace)


def nights(first: datetime = T, n: int = 12, off: timedelta = 2 * MINUTE) -> list[datetime]:
    return [first + night * DAY + off for night in range(n)]


def given_by(advice: Advice | None) -> Advice:
    assert advice is not None
    return advice


class TestHoursOff:
    def test_it_asks_whether_the_machine_runs_in_another_zone(self):
        found = given_by(hours_off(nightly(), nights(), ZONES))
        assert found.zone == "UTC"
        assert "exactly 1 h late by the clock of Europe/Vienna" in found.sentence
        assert found.button == "Use UTC"

    def test_it_sees_it_from_the_other_side(self):
        found = given_by(hours_off(nightly("UTC"), nights(off=-HOUR), ZONES))
        assert (found.zone, "exactly 1 h early" in found.sentence) == ("Europe/Vienna", True)

    def test_it_sees_through_a_change_of_the_clock(self):
        found = given_by(hours_off(nightly(), nights(datetime(2026, 10, 20, 3, 0, tzinfo=UTC), n=14), ZONES))
        assert (found.zone, "1 h or 2 h late" in found.sentence) == ("UTC", True)

    def test_it_proposes_nothing_where_no_zone_explains_it(self):
        found = given_by(hours_off(nightly(), nights(off=4 * HOUR), ZONES))
        assert (found.zone, found.button) == ("", "")
        assert "exactly 5 h late" in found.sentence

    @pytest.mark.parametrize("off", [-HOUR, -HOUR + 20 * MINUTE, 40 * MINUTE])
    def test_it_is_silent_about_pings_in_time_or_at_odd_times(self, off):
        assert hours_off(nightly(), nights(off=off), ZONES) is None

    def test_it_wants_three_runs(self):
        assert hours_off(nightly(), nights(n=2), ZONES) is None

    def test_it_knows_timers_of_systemd(self):
        plan = Plan(DAY, "", "Europe/Vienna", HOUR, calendar="03:00")
        assert given_by(hours_off(plan, nights(), ZONES)).zone == "UTC"


class TestAhead:
    def test_it_notices_a_clock_that_is_ahead(self):
        assert (
            "up to 40 s before their time"
            in given_by(ahead(nightly("UTC"), nights(off=timedelta(seconds=-40)))).sentence
        )

    def test_it_is_silent_about_pings_in_time(self):
        assert ahead(nightly("UTC"), nights()) is None
        assert ahead(Plan(DAY, "", "UTC", HOUR), nights()) is None


class TestGrace:
    def test_it_proposes_less_where_much_less_does(self):
        found = given_by(grace(nightly("UTC", 6 * HOUR), nights(off=6 * MINUTE)))
        assert (found.grace, found.button) == (10 * MINUTE, "Use a grace of 10 min")
        assert "5 h 50 min sooner" in found.sentence

    def test_it_proposes_more_where_runs_come_later(self):
        found = given_by(grace(nightly("UTC", 5 * MINUTE), nights(off=12 * MINUTE)))
        assert (found.grace, "11 of the last 11 runs" in found.sentence) == (20 * MINUTE, True)

    def test_it_is_silent_where_the_grace_fits_or_little_is_known(self):
        assert grace(nightly("UTC", 20 * MINUTE), nights(off=12 * MINUTE)) is None
        assert grace(nightly("UTC", 6 * HOUR), nights(n=8)) is None

    def test_it_counts_periods_from_run_to_run(self):
        ends = [T + n * (HOUR + 4 * MINUTE) for n in range(12)]
        assert set(lateness(Plan(HOUR, "", "UTC", HOUR), ends)) == {240.0}

    def test_it_leaves_out_a_run_after_a_missed_one(self):
        assert lateness(nightly("UTC"), [T, T + 5 * DAY]) == []


@given(
    st.lists(st.datetimes(datetime(2026, 3, 1), datetime(2026, 4, 20)), max_size=30),
    st.sampled_from(
        [nightly(), Plan(HOUR, "", "UTC", HOUR), Plan(DAY, "", "UTC", HOUR, calendar="2026-04-01 03:00")]
    ),
)
def test_it_bears_any_past(moments, plan):
    runs = [Seen(at.replace(tzinfo=UTC), at.replace(tzinfo=UTC)) for at in sorted(moments)]
    assert isinstance(examine(plan, runs, ZONES), list)


@pytest.mark.usefixtures("frozen")
class TestThePage:
    @pytest.fixture
    def beat(self, team):
        beat = make.heartbeat(schedule=Schedule.CRON, cron="0 3 * * *", zone="Europe/Vienna")
        Run.objects.bulk_create(Run(heartbeat=beat, outcome="success", finished_at=at) for at in nights())
        return beat

    def test_it_says_so_and_changes_the_zone_with_one_click(self, signed_in, manager, beat):
        client, url = signed_in(manager), f"/monitoring/heartbeats/{beat.pk}/"
        assert "does the machine run in UTC?" in client.get(url).content.decode()
        client.post(f"{url}adjust/", {"zone": "UTC"})
        beat.refresh_from_db()
        assert beat.zone == "UTC"
        assert "does the machine run" not in client.get(url).content.decode()

    def test_it_offers_a_change_to_managers_only(self, signed_in, viewer, beat):
        client, url = signed_in(viewer), f"/monitoring/heartbeats/{beat.pk}/"
        assert "Use UTC" not in client.get(url).content.decode()
        assert client.post(f"{url}adjust/", {"zone": "UTC"}).status_code == 403

    @pytest.mark.parametrize("wrong", [{"zone": "Mars"}, {"grace": "soon"}, {"grace": "1 s"}])
    def test_it_refuses_nonsense(self, signed_in, manager, beat, wrong):
        client, url = signed_in(manager), f"/monitoring/heartbeats/{beat.pk}/"
        client.post(f"{url}adjust/", wrong)
        beat.refresh_from_db()
        assert (beat.zone, beat.grace) == ("Europe/Vienna", HOUR)
