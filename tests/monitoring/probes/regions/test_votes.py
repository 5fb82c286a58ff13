"""What regions say together: never down by too few, never green by too few, and whoever cannot tell has no vote."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.catalogue.states import Status
from monitoring.probes.votes import Ballot, grade, majority, outcome

UP, SLOW, DOWN, UNKNOWN = Status.UP, Status.DEGRADED, Status.DOWN, Status.UNKNOWN
WORSE = {UP: SLOW, SLOW: DOWN, DOWN: DOWN, UNKNOWN: UNKNOWN}
said = st.lists(st.sampled_from([UP, SLOW, DOWN, UNKNOWN]), min_size=1, max_size=9)
needs = st.integers(1, 9)


@pytest.mark.parametrize(
    ("said", "needed", "grade_"),
    [
        ([UP, UP], 2, UP), ([DOWN, UP], 2, UP), ([DOWN, DOWN], 2, DOWN), ([DOWN, UNKNOWN], 2, UNKNOWN),
        ([UP, UNKNOWN], 2, UNKNOWN), ([DOWN, DOWN, UNKNOWN], 2, DOWN), ([DOWN, UP, UNKNOWN], 2, UP),
        ([DOWN, UP, UP], 1, DOWN), ([DOWN, UNKNOWN], 1, DOWN), ([SLOW, DOWN, UP], 2, SLOW), ([UNKNOWN], 1, UNKNOWN),
    ],
)  # fmt: skip
def test_it_counts(said, needed, grade_):
    assert grade(said, needed) == grade_


@given(said, needs)
def test_it_is_down_exactly_when_enough_say_so(found, needed):
    assert (grade(found, needed) == DOWN) == (found.count(DOWN) >= needed)


@given(said, needs)
def test_it_is_unknown_exactly_when_too_few_can_tell(found, needed):
    assert (grade(found, needed) == UNKNOWN) == (len(found) - found.count(UNKNOWN) < needed)


@given(st.data(), said, needs)
def test_it_does_not_matter_who_says_what(data, found, needed):
    assert grade(data.draw(st.permutations(found)), needed) == grade(found, needed)


@given(said, needs, st.integers(0, 8))
def test_it_never_gets_better_when_one_gets_worse(found, needed, n):
    rank = [UP, SLOW, DOWN]
    worse = [WORSE[one] if i == n else one for i, one in enumerate(found)]
    before, after = grade(found, needed), grade(worse, needed)
    assert before == after == UNKNOWN or rank.index(after) >= rank.index(before)


@given(said)
def test_it_never_alarms_on_one_region_alone_by_its_usual_quorum(found):
    alone = [DOWN, *([UP] * max(1, len(found)))]
    assert grade(alone, majority(len(alone))) == UP


@given(said, needs)
def test_it_is_sure_of_what_is_confirmed_everywhere(found, needed):
    votes = [Ballot(f"r{n}", one, one) for n, one in enumerate(found)]
    assert outcome(votes, needed).sure
    assert outcome(votes, needed).grade == grade(found, needed)


def test_it_waits_until_enough_have_confirmed_it():
    first = [Ballot("a", DOWN, DOWN), Ballot("b", DOWN, UP), Ballot("c", UP, UP)]
    assert (outcome(first, 2).grade, outcome(first, 2).sure) == (DOWN, False)
    assert outcome([first[0], replace(first[1], confirmed=DOWN), first[2]], 2).sure


def test_it_is_not_sure_of_unknown_while_a_new_region_may_answer_any_moment():
    new = Ballot("b", waits=True)
    assert not outcome([Ballot("a", UP, UP), new], 2).sure
    assert outcome([Ballot("a", UP, UP), replace(new, waits=False)], 2).sure


def test_it_says_who_says_so_and_who_cannot_tell():
    a, b, c = (
        Ballot("eu", DOWN, DOWN, "Refused."),
        Ballot("us", UP, UP, ms=20, code=200),
        Ballot("ap", reason="silent"),
    )
    assert outcome([a, replace(a, region="sa"), b], 2).reason == "2 of 3 regions say so, eu and sa: Refused"
    assert outcome([a, b, c], 2).reason == "1 of 3 regions says otherwise, eu (Refused)"
    assert outcome([b, c], 2).reason == "1 of 2 regions can tell, and 2 are needed: ap (silent)"
    assert outcome([c], 1).reason == "None of 1 regions can tell, and 1 are needed: ap (silent)"


def test_it_answers_as_fast_as_the_region_in_the_middle():
    votes = [Ballot(str(ms), UP, UP, ms=ms, code=200) for ms in (10, 30, 500)]
    assert (outcome(votes, 2).ms, outcome(votes, 2).code) == (30, 200)
