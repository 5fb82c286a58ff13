"""The sweep that keeps yesterday: once, completely, and never worse than it was."""

from datetime import UTC, date, datetime, timedelta

import pytest

from opsconsole.accounts.models import Team
from opsconsole.measures.models import DailyValue
from opsconsole.measures.tasks import keep_daily
from opsconsole.measures.verdicts import Reading

pytestmark = pytest.mark.django_db
YESTERDAY = date(2026, 11, 17)


@pytest.fixture(autouse=True)
def old_team(team):
    Team.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))


def kept(slug="acme.sold", day=YESTERDAY):
    return DailyValue.objects.get(measure=slug, day=day)


def test_it_keeps_yesterday_of_the_teams_zone(define, asked, now):
    define("acme.sold", asked, target=1)
    keep_daily(now)
    assert (kept().value, kept().verdict) == (35, "ok")
    assert asked.periods[-1].start == datetime(2026, 11, 16, 23, tzinfo=UTC)
    assert asked.periods[-1].end == datetime(2026, 11, 17, 23, tzinfo=UTC)


def test_it_fills_the_days_that_were_missed(define, now):
    define("acme.sold", lambda period: 3.0)
    keep_daily(now)
    assert DailyValue.objects.count() == 35
    assert DailyValue.objects.earliest("day").day == date(2026, 10, 14)


def test_it_does_nothing_the_second_time(define, now):
    define("acme.sold", lambda period: 3.0)
    keep_daily(now)
    assert keep_daily(now) == 0


def test_it_believes_nothing_that_was_read_by_a_clock_that_ran_ahead(define, now):
    found = [0.0]
    define("acme.sold", lambda period: found[-1])
    keep_daily(now + timedelta(days=7))
    found.append(3.0)
    keep_daily(now + timedelta(days=1))
    assert kept(day=YESTERDAY + timedelta(days=1)).value == 3


def test_it_keeps_nothing_from_before_there_was_a_team(define, now):
    Team.objects.update(created_at=now - timedelta(days=2))
    define("acme.sold", lambda period: 3.0)
    assert keep_daily(now) == 2


def test_it_waits_for_a_team(define, now):
    Team.objects.all().delete()
    define("acme.sold", lambda period: 3.0)
    assert keep_daily(now) == 0


def test_it_does_not_let_one_unreadable_measure_stop_the_others(define, now):
    define("acme.broken", lambda period: 1 / 0)
    define("acme.sold", lambda period: 3.0)
    keep_daily(now)
    assert (kept("acme.broken").value, kept("acme.broken").verdict) == (None, "unknown")
    assert kept().value == 3


def test_it_keeps_what_is_no_number_as_unknown(define, now):
    define("acme.sold", lambda period: float("nan"))
    keep_daily(now)
    assert (kept().value, kept().coverage, kept().verdict) == (None, 0, "unknown")


def test_it_reads_again_once_the_day_has_settled(define):
    found = [1.0]
    define("acme.sold", lambda period: found[-1])
    keep_daily(datetime(2026, 11, 17, 23, 5, tzinfo=UTC))
    found.append(2.0)
    keep_daily(datetime(2026, 11, 17, 23, 40, tzinfo=UTC))
    assert kept().value == 1
    keep_daily(datetime(2026, 11, 18, 0, 5, tzinfo=UTC))
    assert kept().value == 2


def test_it_never_replaces_a_known_value_by_an_unknown_one(define):
    found: list[float | None] = [1.0]
    define("acme.sold", lambda period: found[-1])
    keep_daily(datetime(2026, 11, 17, 23, 5, tzinfo=UTC))
    found.append(None)
    later = datetime(2026, 11, 18, 0, 5, tzinfo=UTC)
    keep_daily(later)
    assert (kept().value, kept().verdict) == (1, "ok")
    assert keep_daily(later) == 0


def test_it_asks_again_for_what_could_not_be_read(define, now):
    found: list[float | None] = [None]
    define("acme.sold", lambda period: found[-1])
    keep_daily(now)
    found.append(5.0)
    keep_daily(now + timedelta(minutes=15))
    assert kept().value == 5


def test_it_stops_asking_a_day_later(define, now):
    define("acme.sold", lambda period: None)
    keep_daily(now)
    asked = keep_daily(now + timedelta(days=1))
    assert asked == 1  # the new day only


def test_it_keeps_where_the_rows_are_and_by_which_method(define, now):
    define("acme.sold", lambda period: Reading(3, n=3, evidence_url="/orders/"), version=2)
    keep_daily(now)
    assert (kept().evidence_url, kept().version, kept().n) == ("/orders/", 2, 3)


def test_it_writes_a_day_of_all_measures_in_a_few_queries(define, now, django_assert_max_num_queries):
    for number in range(20):
        define(f"acme.m{number}", lambda period: 1.0)
    Team.objects.update(created_at=now - timedelta(days=1))
    with django_assert_max_num_queries(6):
        assert keep_daily(now) == 20
