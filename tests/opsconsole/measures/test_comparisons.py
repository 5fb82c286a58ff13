"""A week against the week before, four weeks and fifty-two weeks earlier."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from opsconsole.accounts.models import Team
from opsconsole.lib.periods import Week, midnight
from opsconsole.measures.comparisons import comparisons, last_week, tone
from opsconsole.measures.models import DailyValue
from opsconsole.measures.verdicts import Reading

pytestmark = pytest.mark.django_db
VIENNA = ZoneInfo("Europe/Vienna")
WEEK = Week(2026, 46)
LATER = datetime(2026, 11, 18, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def old_team(team):
    Team.objects.update(created_at=datetime(2025, 1, 1, tzinfo=UTC))


def keep(slug, week, values, **fields):
    for offset, value in enumerate(values):
        day = week.monday + timedelta(days=offset)
        DailyValue.objects.create(measure=slug, day=day, value=value, verdict="ok", read_at=LATER, **fields)


def by_week(values):
    """A measure's function that knows some weeks."""
    starts = {midnight(week.monday, VIENNA): value for week, value in values.items()}
    return lambda period: starts.get(period.start)


def comparison(slug, week, zone, now):
    return comparisons([slug], week, zone, now)[slug]


def test_it_compares_with_three_earlier_weeks(define):
    known = {WEEK: 50.0, WEEK.plus(-1): 40.0, WEEK.plus(-4): 50.0, WEEK.plus(-52): 25.0}
    define("acme.sold", by_week(known))
    found = comparison("acme.sold", WEEK, VIENNA, LATER)
    assert found.judged.reading.value == 50
    assert (found.previous.delta, found.previous.relative, found.previous.better) == (10, 0.25, True)
    assert (found.last_month.delta, found.last_month.better) == (0, None)
    assert (found.last_year.delta, found.last_year.relative) == (25, 1.0)
    assert found.previous.period.name == "week 45"


def test_it_knows_the_direction_of_a_figure(define):
    define("acme.sold", by_week({WEEK: 50.0, WEEK.plus(-1): 40.0}), better="lower", target=45)
    found = comparison("acme.sold", WEEK, VIENNA, LATER)
    assert found.previous.better is False
    assert tone(found.judged, found.previous) == "bad"


def test_it_stays_quiet_about_a_worse_value_within_its_target(define):
    define("acme.sold", by_week({WEEK: 50.0, WEEK.plus(-1): 40.0}), better="lower", target=60)
    found = comparison("acme.sold", WEEK, VIENNA, LATER)
    assert tone(found.judged, found.previous) == ""


def test_it_marks_a_worse_value_for_which_nobody_set_a_target(define):
    define("acme.sold", by_week({WEEK: 50.0, WEEK.plus(-1): 40.0}), better="lower")
    found = comparison("acme.sold", WEEK, VIENNA, LATER)
    assert tone(found.judged, found.previous) == "look"


def test_it_falls_back_to_the_days_when_the_raw_rows_are_gone(define):
    define("acme.sold", by_week({WEEK: 50.0}))
    keep("acme.sold", WEEK.plus(-52), [1, 2, 3, 4, 5, 6, 7])
    found = comparison("acme.sold", WEEK, VIENNA, LATER).last_year
    assert (found.reading.value, found.reading.coverage, found.delta) == (28, 1, 22)
    assert found.reading.evidence_url == "/measures/acme.sold/?from=2025-11-10&to=2025-11-16"


def test_it_prefers_the_raw_rows_to_the_days(define):
    define("acme.sold", by_week({WEEK: 50.0, WEEK.plus(-1): 40.0}))
    keep("acme.sold", WEEK.plus(-1), [1] * 7)
    assert comparison("acme.sold", WEEK, VIENNA, LATER).previous.reading.value == 40


def test_it_falls_back_when_too_little_was_measured_directly(define):
    define("acme.up", lambda period: Reading(100, 0.1), unit="%")
    keep("acme.up", WEEK.plus(-4), [99] * 7)
    found = comparison("acme.up", WEEK, VIENNA, LATER)
    assert found.last_month.reading.value == 99


def test_it_says_since_when_there_is_data(define):
    define("acme.sold", by_week({WEEK: 50.0}))
    keep("acme.sold", Week.of(date(2026, 5, 4)), [1])
    found = comparison("acme.sold", WEEK, VIENNA, LATER)
    assert found.last_year.missing == "no data before May 2026"
    assert found.previous.missing == "not measured then"
    assert found.last_year.delta is None


def test_it_does_not_believe_a_count_of_nothing_from_before_the_team(define):
    Team.objects.update(created_at=datetime(2026, 10, 26, tzinfo=UTC))
    define("acme.sold", lambda period: Reading(0, n=0))
    found = comparison("acme.sold", WEEK, VIENNA, LATER)
    assert found.previous.reading.value == 0
    assert found.last_year.missing == "no data before October 2026"


def test_it_says_when_there_was_nothing_to_measure(define):
    week = midnight(WEEK.monday, VIENNA)
    define("acme.tta", lambda p: Reading(4, n=1) if p.start == week else Reading(None, 1, 0), unit="min")
    assert comparison("acme.tta", WEEK, VIENNA, LATER).previous.missing == "nothing to measure then"


def test_it_compares_a_running_week_with_the_same_part_of_the_others(define, asked):
    define("acme.sold", asked)
    now = datetime(2026, 11, 11, 9, tzinfo=UTC)  # Wednesday ten o'clock in Vienna
    comparison("acme.sold", WEEK, VIENNA, now)
    assert {p.end - p.start for p in asked.periods} == {timedelta(days=2, hours=10)}


def test_it_folds_only_whole_days_of_a_running_week(define):
    define("acme.sold", by_week({WEEK: 9.0}))
    keep("acme.sold", WEEK.plus(-1), [1] * 7)
    found = comparison("acme.sold", WEEK, VIENNA, datetime(2026, 11, 11, 9, tzinfo=UTC))
    assert found.previous.reading.value == 2


def test_it_needs_no_more_queries_for_more_measures(define, django_assert_max_num_queries):
    for number in range(20):
        define(f"acme.m{number}", by_week({WEEK: 1.0}))
        keep(f"acme.m{number}", WEEK.plus(-52), [1] * 7)
    with django_assert_max_num_queries(3):
        comparisons([f"acme.m{n}" for n in range(20)], WEEK, VIENNA, LATER)


def test_it_compares_the_last_seven_days_with_those_before(define, asked):
    define("acme.sold", asked)
    found = last_week(["acme.sold"], VIENNA, LATER)["acme.sold"]
    assert [period.end for period in asked.periods] == [LATER, LATER - timedelta(days=7)]
    assert found.before.delta == -1
