"""How several states make one, circles of dependencies, and the error budget."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.catalogue.states import Status, budget, path_between, worst


def test_it_takes_the_worst_state_and_ignores_what_is_paused():
    assert worst(["up", "degraded", "down"]) == Status.DOWN
    assert worst(["up", "paused"]) == Status.UP
    assert worst(["up", "unknown"]) == Status.UNKNOWN


def test_it_knows_nothing_of_a_service_that_nothing_watches():
    assert worst([]) == Status.UNKNOWN


@given(st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8), max_size=4)), st.integers(0, 8))
def test_it_finds_a_way_only_along_edges(edges, goal):
    way = path_between(edges, 0, goal)
    assert not way or (way[0], way[-1]) == (0, goal)
    assert all(b in edges[a] for a, b in pairwise(way))


def test_it_allows_43_minutes_of_a_month_at_three_nines():
    assert budget(99.9, 30 * 86400, 0).allowed == 2592


@pytest.mark.parametrize(("down", "tone"), [(0, "ok"), (2000, "look"), (2592, "look"), (2593, "bad")])
def test_it_judges_a_budget_by_what_is_left(down, tone):
    assert budget(99.9, 30 * 86400, down).tone == tone
