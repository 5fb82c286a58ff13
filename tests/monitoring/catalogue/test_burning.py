"""How the error budget of a month burns down."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitoring.catalogue.burning import Burning
from monitoring.catalogue.states import budget

DAY = 86400
NOVEMBER = date(2026, 11, 1)


def burning(*down, target=99.9, passed=None):
    return Burning(budget(target, 30 * DAY, sum(down)), NOVEMBER, 30, down, (passed or len(down)) * DAY)


def test_it_says_that_nothing_is_spent():
    assert burning(0, 0).sentence == "Nothing of it is spent."


def test_it_says_how_much_is_left_at_this_pace():
    assert burning(0, 86.4).sentence == "At this pace 50 % of it is left at the end of the month."


def test_it_says_when_it_will_be_used_up():
    assert burning(0, 0, 0, 600).sentence == "At this pace it is used up on 18 Nov."


def test_it_says_since_when_it_is_used_up_and_by_how_much():
    assert burning(0, 2652, 60).sentence == "Used up on 2 Nov; 2 min over."


def test_it_is_used_up_by_any_outage_where_none_is_allowed():
    assert burning(0, 1, target=100).sentence == "Used up on 2 Nov; 1 s over."


def test_it_draws_the_days_so_far():
    chart = burning(0, 600).chart
    assert "2 Nov: 33 min 12 s left, down 10 min" in chart
    assert ">27 Nov<" in chart  # days to come have their place


@example([5e-324], 99.9)  # a pace that rounds to nothing
@given(st.lists(st.floats(0, DAY), min_size=1, max_size=30), st.floats(90, 100))
def test_it_never_contradicts_itself(down, target):
    fire = burning(*down, target=target)
    assert fire.left[-1] == pytest.approx(fire.budget.left)
    assert not (fire.used_up and fire.will_be_used_up)
    assert fire.will_be_used_up is None or fire.will_be_used_up.month == 11
    assert fire.sentence and fire.chart
