"""How a rule judges a reading: unknown is never green, and better is never worse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.measures.verdicts import Reading, Rule, Verdict, worst

numbers = st.floats(-1e9, 1e9)
any_number = st.floats(allow_nan=True, allow_infinity=True)


@st.composite
def rules(draw):
    better = draw(st.sampled_from(["higher", "lower"]))
    low, high = sorted([draw(numbers), draw(numbers)])
    target, limit = (high, low) if better == "higher" else (low, high)
    return Rule(better, target, draw(st.sampled_from([None, limit])), draw(st.floats(0, 1)))


@given(rule=rules(), coverage=any_number)
def test_it_never_calls_a_missing_value_fine(rule, coverage):
    assert rule.judge(Reading(None, coverage)) == Verdict.UNKNOWN


@given(rule=rules(), value=numbers, coverage=any_number)
def test_it_never_judges_what_was_measured_too_little(rule, value, coverage):
    verdict = rule.judge(Reading(value, coverage))
    assert (verdict == Verdict.UNKNOWN) == (not coverage >= rule.least_coverage)


@given(rule=rules(), value=st.sampled_from([float("nan"), float("inf"), float("-inf")]))
def test_it_never_judges_what_is_no_number(rule, value):
    assert rule.judge(Reading(value)) == Verdict.UNKNOWN


@given(rule=rules(), one=numbers, other=numbers)
def test_it_never_judges_a_better_value_worse(rule, one, other):
    good, poor = (one, other) if rule.is_better(one, other) else (other, one)
    order = [Verdict.OK, Verdict.LOOK, Verdict.BAD]
    assert order.index(rule.judge(Reading(good))) <= order.index(rule.judge(Reading(poor)))


@given(rule=rules())
def test_it_finds_the_target_itself_fine_and_the_limit_itself_worth_a_look(rule):
    assert rule.judge(Reading(rule.target)) == Verdict.OK
    if rule.limit is not None and rule.limit != rule.target:
        assert rule.judge(Reading(rule.limit)) == Verdict.LOOK


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(99.95, "ok"), (99.9, "ok"), (99.89, "look"), (99.0, "look"), (98.99, "bad"), (None, "unknown")],
)
def test_it_judges_uptime(value, verdict):
    assert Rule("higher", 99.9, 99.0).judge(Reading(value)) == verdict


def test_it_calls_a_missed_target_without_a_limit_bad():
    assert Rule("lower", 0).judge(Reading(1)) == Verdict.BAD


def test_it_shows_a_figure_without_a_target_unjudged():
    assert Rule().judge(Reading(7)) == Verdict.OK


def test_it_refuses_a_direction_that_is_none():
    with pytest.raises(ValueError, match="sideways"):
        Rule("sideways", 1)


@pytest.mark.parametrize(
    ("better", "target", "limit"), [("higher", 90, 95), ("lower", 10, 5), ("lower", None, 5)]
)
def test_it_refuses_a_limit_on_the_better_side_of_the_target(better, target, limit):
    with pytest.raises(ValueError, match="limit"):
        Rule(better, target, limit)


def test_it_finds_the_worst_of_several():
    assert worst([Verdict.OK, Verdict.UNKNOWN]) == Verdict.UNKNOWN
    assert worst([Verdict.UNKNOWN, Verdict.LOOK]) == Verdict.LOOK
    assert worst([]) == Verdict.UNKNOWN


def test_it_tells_nothing_to_measure_from_not_measured():
    assert Reading(None, 1, 0).is_nothing
    assert not Reading(None, 0, 0).is_nothing
    assert not Reading(None).is_nothing
