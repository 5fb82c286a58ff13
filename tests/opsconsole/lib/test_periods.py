"""Days, weeks and months of a zone: nothing between them is lost, nothing counts twice."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.lib.periods import Period, Week, compared, covered, day, days, span_words

VIENNA = ZoneInfo("Europe/Vienna")
MINUTE = timedelta(minutes=1)
zones = st.sampled_from(["UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
dates = st.dates(min_value=date(2001, 1, 1), max_value=date(2199, 1, 1))
weeks = dates.map(Week.of)


@given(dates, zones.map(ZoneInfo))
def test_it_begins_a_day_where_the_one_before_ends(which, zone):
    assert day(which, zone).end == day(which + timedelta(days=1), zone).start


@given(dates, st.integers(min_value=1, max_value=60), zones.map(ZoneInfo))
def test_it_knows_the_days_that_it_was_made_of(first, count, zone):
    assert days(first, count, zone).dates == (first, first + timedelta(days=count - 1))


@given(weeks)
def test_it_reads_the_week_that_it_writes(week):
    assert Week.parse(str(week)) == week


@given(weeks, st.integers(min_value=-60, max_value=60))
def test_it_counts_weeks_there_and_back(week, by):
    assert week.plus(by).plus(-by) == week
    assert (week.plus(by).monday - week.monday).days == 7 * by


@given(weeks)
def test_it_holds_a_week_against_weeks_that_begin_on_its_weekday(week):
    earlier = compared(week, VIENNA)
    wanted = [week.plus(-back).period(VIENNA) for back in (1, 4, 52)]
    found = [earlier.previous, earlier.last_month, earlier.last_year]
    assert [(p.start, p.end) for p in found] == [(p.start, p.end) for p in wanted]


@pytest.mark.parametrize(
    ("text", "why"),
    [("2026-W54", "no week 54"), ("2025-W53", "no week 53"), ("26-W1", "such as"), ("", "such as")],
)
def test_it_says_which_weeks_there_are_not(text, why):
    with pytest.raises(ValueError, match=why):
        Week.parse(text)


def test_it_has_an_hour_less_and_an_hour_more_when_clocks_are_changed():
    hours = [day(date(2026, *on), VIENNA).seconds / 3600 for on in ((3, 29), (6, 1), (10, 25))]
    assert hours == [23, 24, 25]


@given(dates, st.integers(min_value=-50, max_value=50))
def test_it_ends_now_while_it_runs(which, hours):
    whole = day(which, VIENNA)
    now = whole.start + timedelta(hours=hours)
    past = whole.until(now)
    assert (past.start, past.end) == (whole.start, min(max(now, whole.start), whole.end))


def test_it_is_not_made_of_days_when_it_is_cut():
    whole = day(date(2026, 11, 18), VIENNA)
    assert whole.until(whole.start + timedelta(hours=1)).dates is None
    assert Period(whole.start, whole.end).dates is None


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 9), date(2026, 11, 9), "9 November 2026"),
        (date(2026, 11, 9), date(2026, 11, 15), "9–15 November 2026"),
        (date(2026, 9, 28), date(2026, 10, 4), "28 September – 4 October 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "29 December 2025 – 4 January 2026"),
    ],
)
def test_it_says_a_span_without_saying_anything_twice(first, last, said):
    assert span_words(first, last) == said


minutes = st.integers(min_value=0, max_value=120)


@given(st.lists(st.tuples(minutes, minutes)))
def test_it_counts_what_overlaps_once(spans):
    base = day(date(2026, 11, 18), VIENNA).start
    whole = [(min(span), max(span)) for span in spans]
    each = {m for start, end in whole for m in range(start, end)}
    assert covered((base + a * MINUTE, base + b * MINUTE) for a, b in whole) == len(each) * MINUTE
