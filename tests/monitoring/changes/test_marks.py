"""On the chart of a service's latency an upright stands where it was changed."""

from datetime import timedelta

import pytest

from monitoring.catalogue.marks import Mark, done_in
from opsconsole.ui.charts import Line, line_chart
from tests.conftest import NOW

HOUR = timedelta(hours=1)
STARTS = [NOW - 2 * HOUR, NOW - HOUR, NOW]


@pytest.mark.parametrize(
    ("ago", "place"),
    [(2 * HOUR, 0), (HOUR + timedelta(minutes=1), 0), (HOUR, 1), (timedelta(0), 2), (3 * HOUR, None)],
)
def test_it_stands_in_the_step_in_which_it_was_done(ago, place):
    done = done_in(STARTS, [Mark(NOW - ago, "Deploy", "4.2", "/")])
    assert [bool(said) for said in done] == [n == place for n in range(3)]


def test_it_says_what_was_done():
    marks = [Mark(NOW, "Deploy", f"4.{n}", "/") for n in range(5)]
    assert done_in(STARTS, marks)[2] == "Changed: 4.0, 4.1, 4.2 and 2 more"


def test_it_draws_one_upright_for_each_step():
    chart = line_chart([Line("x", [1, 2, 3])], ["a", "b", "c"], marks=[False, True, False])
    assert chart.count('class="mark"') == 1
