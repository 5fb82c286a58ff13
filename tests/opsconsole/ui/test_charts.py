"""Pictures say what they show: scales are round, holes stay holes, user text stays text."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.ui.charts import Bar, Line, bars, line_chart, scale, sparkline, tile_chart

values = st.one_of(st.none(), st.floats(0, 1e7, allow_nan=False))


@pytest.mark.parametrize(
    ("high", "ticks"),
    [
        (187, [0, 50, 100, 150, 200]),
        (1, [0, 0.5, 1]),
        (0.03, [0, 0.01, 0.02, 0.03]),
        (4200, [0, 2000, 4000, 6000]),
    ],
)
def test_it_takes_round_levels(high, ticks):
    assert scale(0, high) == ticks


def test_it_has_a_scale_when_everything_is_zero_or_equal():
    assert scale(0, 0) == [0, 0.5, 1]
    assert scale(99.9, 99.9)[0] <= 99.9 < scale(99.9, 99.9)[-1]


@given(st.floats(0, 1e9, allow_subnormal=False), st.floats(0, 1e9, allow_subnormal=False))
def test_it_always_covers_the_values_with_few_levels(a, b):
    low, high = min(a, b), max(a, b)
    ticks = scale(low, high)
    assert 2 <= len(ticks) <= 7
    assert ticks[0] <= low + 1e-6 * high + 1e-6
    assert ticks[-1] >= high - 1e-6 * high - 1e-6


def test_it_draws_a_bar_for_each_span_and_a_hover_for_those_with_a_title():
    svg = bars([Bar("ok"), Bar("bad", "16 Nov: 99.31 %"), Bar("ok")], "3 days")
    assert '<path class="ok" d="M0.5 0v1M2.5 0v1"/>' in svg
    assert svg.count("<rect") == 1
    assert "<title>16 Nov: 99.31 %</title>" in svg


def test_it_leaves_a_hole_where_nothing_was_measured():
    svg = line_chart([Line("p50", [10, 12, None, 11, 13])], list("abcde"))
    path = re.search(r'class="line accent" d="([^"]+)"', svg)
    assert path
    assert path[1].count("M") == 2
    assert path[1].count("L") == 2


def test_it_shows_a_value_between_two_holes_as_a_dot():
    assert "h0" in line_chart([Line("p50", [None, 12, None])], list("abc"))


def test_it_shades_a_run_of_one_tone_once():
    svg = line_chart([Line("p50", [1] * 4)], list("abcd"), tones=["", "bad", "bad", ""])
    assert svg.count("shade") == 1
    assert 'class="shade bad" x="250.0" width="500.0"' in svg


def test_it_shows_about_five_dates_and_the_unit_once():
    svg = line_chart([Line("p50", [1.0] * 90)], [f"day {i}" for i in range(90)], unit="ms")
    assert svg.count("day ") == 5
    assert svg.count(" ms") == 1


@pytest.mark.parametrize("count", [1, 2, 7, 24, 30, 168, 365])
def test_it_puts_dates_at_equal_distances(count):
    svg = line_chart([Line("p50", [1.0] * count)], [f"day {i}." for i in range(count)])
    shown = [int(i) for i in re.findall(r"day (\d+)\.", svg)]
    assert 1 <= len(shown) <= 5
    assert len({b - a for a, b in pairwise(shown)}) <= 1


def test_it_keeps_user_text_as_text():
    evil = "<script>alert(1)</script>"
    svg = line_chart([Line(evil, [1, 2])], [evil, evil], unit=evil, label=f'"{evil}', titles=[evil, evil])
    assert "<script" not in svg + bars([Bar("ok", evil)], f'"{evil}')


@given(st.lists(values, max_size=40), st.lists(st.sampled_from(["", "bad", "look"]), max_size=40))
def test_it_is_well_formed_whatever_the_values(series, tones):
    labels = [str(i) for i in range(max(len(series), len(tones)))]
    ElementTree.fromstring(line_chart([Line("a", series)], labels, tones=tones, target=5, titles=labels))
    ElementTree.fromstring(bars([Bar(t or "ok", t) for t in tones], "x"))


def test_it_draws_no_spark_of_fewer_than_two_values():
    assert sparkline([None, 3, None]) == ""
    assert "circle" in sparkline([1, None, 3])


def test_it_has_no_level_above_a_hundred_per_cent_where_all_is_there():
    svg = tile_chart([100, 100], label="Up", ends=("1 Nov", "today"), unit="%", target=100, from_zero=False)
    assert ">100 %</text>" in svg


def test_it_names_the_highest_level_and_both_ends_of_a_tile():
    svg = tile_chart([10, None, 187], label="<b>", ends=("1 Nov", "today"), unit="ms", tones=["", "", "bad"])
    assert re.findall(r"<text[^>]*>([^<]+)", svg) == ["200 ms", "1 Nov", "today"]
    assert svg.count("<rect") == 1
    assert "&lt;b&gt;" in svg


@given(st.lists(values, min_size=1, max_size=30), st.booleans())
def test_it_draws_a_tile_of_whatever_the_values(given, from_zero):
    ElementTree.fromstring(tile_chart(given, label="x", ends=("a", "b"), target=3, from_zero=from_zero))
