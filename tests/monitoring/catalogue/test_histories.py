"""Slices add up by time, never by beats; what was not measured counts as neither up nor down."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.catalogue.days import days_of, together
from monitoring.catalogue.histories import Slice, joined, total
from monitoring.catalogue.latencies import SPANS, points_of, table

NOW = datetime(2026, 11, 18, 8, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")


def piece(start=NOW, up=3600.0, slow=0.0, down=0.0, **fields):
    return Slice(1, start, 3600, up, slow, down, **fields)


def test_it_weighs_by_time():
    whole = total([piece(), piece(up=1800, down=1800)])
    assert (whole.uptime, whole.coverage) == (0.75, 1)


def test_it_knows_no_uptime_where_nothing_was_measured():
    assert total([piece(up=0)]).uptime is None


def test_it_says_how_much_was_measured():
    assert total([piece()], length=7200).coverage == 0.5


def test_it_is_down_as_long_as_the_watcher_that_saw_most():
    both = joined([piece(up=3000, down=600), piece(up=3300, down=300, latency=("40:2",))])
    assert (both.up, both.down, both.latency) == (3000, 600, ("40:2",))


def day(back, **fields):
    return piece(datetime(2026, 11, 17, 23, tzinfo=UTC) - timedelta(days=back), **fields)


def test_it_puts_slices_on_days_of_the_zone():
    found = days_of([day(1)], target=99.9, now=NOW, zone=VIENNA, count=3)
    assert [d.day for d in found] == [date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18)]
    assert [d.total.uptime for d in found] == [None, 1, None]


@pytest.mark.parametrize(
    ("fields", "tone"),
    [
        ({"up": 86400}, "ok"),
        ({"up": 86350, "down": 50}, "look"),
        ({"up": 85800, "down": 600}, "bad"),
        ({"up": 86400, "slow": 7200}, "look"),
        ({"up": 3600}, "unknown"),
        ({"up": 0}, "unknown"),
    ],
)
def test_it_tones_a_day_by_target_and_coverage(fields, tone):
    assert days_of([day(1, **fields)], target=99.9, now=NOW, zone=VIENNA, count=2)[0].tone == tone


def test_it_says_a_day_in_words():
    found = days_of([day(1, up=85800, down=600, slow=60)], target=99.9, now=NOW, zone=VIENNA, count=2)
    assert found[0].title == "17 Nov: 99.31 %, down 10 min, slow 1 min, measured 100 %"
    assert found[1].title == "18 Nov: not measured"


def test_it_counts_coverage_from_the_first_measured_day():
    found = days_of([day(1, up=86400)], target=99.9, now=NOW, zone=VIENNA, count=90)
    assert together(found).length == pytest.approx(86400 + 9 * 3600)


def test_it_counts_no_gap_before_anybody_watched():
    begun = NOW - timedelta(hours=1)
    found = days_of([], target=99.9, now=NOW, zone=VIENNA, count=3, begun=begun)
    assert [d.tone for d in found] == ["before", "before", "unknown"]
    assert [d.total.length for d in found] == [0, 0, 3600]
    assert found[0].title == "16 Nov: not watched yet"


def test_it_counts_what_was_measured_before_the_service_was_entered():
    found = days_of([day(2, up=43_200)], target=99.9, now=NOW, zone=VIENNA, count=3, begun=NOW)
    assert [round(d.total.coverage, 1) for d in found] == [0.5, 0, 0]


seconds = st.floats(min_value=0, max_value=1800)
views = st.lists(
    st.builds(lambda up, down, slow: piece(up=up, down=down, slow=min(slow, up)), seconds, seconds, seconds),
    min_size=1,
    max_size=5,
)


@given(views)
def test_it_joins_watchers_into_times_that_fit(found):
    one = joined(found)
    assert one.down == max(view.down for view in found)
    assert one.measured == pytest.approx(max(view.measured for view in found))
    assert 0 <= one.slow <= one.up + 1e-9


@given(views)
def test_it_joins_in_any_order(found):
    one, other = joined(found), joined(found[::-1])
    assert (one.up, one.slow, one.down) == (other.up, other.slow, other.down)


def test_it_names_hours_as_clocks_show_them_where_they_begin_at_half_past():
    span = SPANS["24h"]
    points = points_of([], span, now=NOW, days_in=VIENNA, shown_in=ZoneInfo("Asia/Kolkata"))
    assert [row.name for row in table(points, span)[:2]] == ["18 Nov 13:30", "18 Nov 12:30"]
