"""When a status changes, and what the time in between was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.catalogue.states import Status
from monitoring.probes.states import Rules, Standing, judge, next_run, phase

UP, SLOW, DOWN, UNKNOWN = Status.UP, Status.DEGRADED, Status.DOWN, Status.UNKNOWN
GRADES = {"u": UP, "s": SLOW, "d": DOWN, "?": UNKNOWN}
RULES = Rules(30_000, 10_000, 10_000, 2, 1)


def run(results: str, rules: Rules = RULES, step: int = 30_000):
    """Results one step apart, from time 0: the last standing, seconds by status, and the moves as (old, new, at)."""
    standing, spent, moves = Standing(), dict.fromkeys(GRADES.values(), 0), []
    for i, letter in enumerate(results):
        if letter == " ":  # nothing ran
            continue
        change = judge(rules, standing, GRADES[letter], i * step)
        standing = change.standing
        for status, start, end in change.spans:
            spent[status] += end - start
        if change.old is not None:
            moves.append((change.old, standing.status, standing.status_since))
    return standing, spent, moves


def test_it_is_up_after_the_first_good_answer():
    assert run("u")[2] == [(UNKNOWN, UP, 0)]


def test_it_is_not_down_before_the_threshold_but_says_it_waits():
    standing, _, _ = run("uud")
    assert (standing.status, standing.is_pending, standing.streak) == (UP, True, 1)


def test_it_is_down_from_the_first_failing_answer_once_confirmed():
    _, spent, moves = run("uudd")
    assert moves[-1] == (UP, DOWN, 60_000)
    assert (spent[UP], spent[DOWN]) == (60_000, 30_000)


def test_it_counts_a_blip_as_up():
    standing, spent, moves = run("uudu")
    assert (standing.status, len(moves)) == (UP, 1)
    assert (spent[UP], spent[DOWN]) == (90_000, 0)


def test_it_is_up_again_from_the_first_good_answer():
    assert run("uudduu")[2][-1] == (DOWN, UP, 120_000)


def test_it_waits_for_enough_good_answers_to_recover():
    rules = Rules(30_000, 10_000, 10_000, 2, 3)
    _, spent, moves = run("uudduudusu", rules)
    assert moves[-1] == (DOWN, UP, 210_000)
    assert (spent[DOWN], spent[UP]) == (150_000, 120_000)


def test_it_is_slow_after_as_many_slow_answers_and_counts_slow_time_as_such():
    _, spent, moves = run("uussu")
    assert moves[1:] == [(UP, SLOW, 60_000), (SLOW, UP, 120_000)]
    assert spent[SLOW] == 60_000


def test_it_does_not_call_a_fault_of_ours_down():
    _, spent, moves = run("uu???u")
    assert moves[1:] == [(UP, UNKNOWN, 60_000), (UNKNOWN, UP, 150_000)]
    assert (spent[UNKNOWN], spent[DOWN]) == (90_000, 0)


def test_it_neither_confirms_nor_disproves_a_failure_by_an_unknown():
    standing, spent, _ = run("uud?d")
    assert (standing.status, standing.streak) == (UP, 1)
    assert spent == {UP: 60_000, SLOW: 0, DOWN: 0, UNKNOWN: 60_000}


def test_it_does_not_measure_a_gap_and_starts_the_row_anew():
    standing, spent, moves = run("uud   d")
    assert (standing.status, standing.streak, len(moves)) == (UP, 1, 1)
    assert sum(spent.values()) == 60_000


def test_it_stays_down_over_a_gap_without_a_second_change():
    _, spent, moves = run("udd     ddu")
    assert [new for _, new, _ in moves] == [UP, DOWN, UP]
    assert spent[DOWN] == 30_000 + 60_000


def test_it_judges_the_first_failure_at_once_with_a_threshold_of_one():
    assert run("ud", Rules(30_000, 10_000, 10_000, 1, 1))[2][-1] == (UP, DOWN, 30_000)


def test_it_is_not_moved_by_a_clock_that_is_set_back():
    before = run("uuu")[0]
    change = judge(RULES, before, DOWN, 10_000)
    assert change.spans == [] and change.standing.status == UP
    again = judge(RULES, change.standing, UP, 40_000)
    assert again.standing.settled_until == 60_000  # what was settled is not counted twice


def test_it_goes_on_after_a_clock_that_was_a_year_ahead():
    ahead = Standing(UP, 0, UP, 9, 0, 10**12, 10**12)
    assert judge(RULES, ahead, UP, 1000).standing.settled_until == 1000


results = st.text(st.sampled_from("uusd?d "), max_size=60)


@given(results, st.integers(1, 5), st.integers(1, 5))
def test_it_is_never_down_before_the_threshold(text, failures, recoveries):
    rules, standing, row = Rules(30_000, 10_000, 10_000, failures, recoveries), Standing(), 0
    for i, letter in enumerate(text.replace(" ", "")):
        row = row + 1 if letter == "d" else 0
        change = judge(rules, standing, GRADES[letter], i * 30_000)
        if change.old is not None and change.standing.status == DOWN:
            assert row >= failures
        standing = change.standing


@given(st.lists(st.tuples(st.sampled_from("usd?"), st.integers(1, 200_000)), max_size=60), st.integers(1, 4))
def test_it_counts_no_time_twice_and_none_that_was_not_measured(steps, threshold):
    rules, standing, at, counted = Rules(30_000, 10_000, 10_000, threshold, threshold), Standing(), 0, 0
    measurable = 0
    for i, (letter, pause) in enumerate(steps):
        at += pause
        change = judge(rules, standing, GRADES[letter], at)
        for _, start, end in change.spans:
            assert counted <= start < end <= at
            counted = end
        measurable += pause if i and pause <= rules.reach else 0
        standing = change.standing
        assert standing.settled_until is not None and standing.settled_until <= at
        if not standing.is_pending:
            assert standing.settled_until == at


def observed(interval: int, begin: int, end: int, until: int = 6_000_000) -> int:
    """Milliseconds of down that a probe with its grid at 0 sees of an outage [begin, end), following its own plan of runs."""
    rules = Rules(interval, 10_000, 5_000, 2, 1)
    standing, at, down = Standing(), 0, 0
    while at < until:
        change = judge(rules, standing, DOWN if begin <= at < end else UP, at)
        down += sum(stop - start for status, start, stop in change.spans if status == DOWN)
        standing, at = change.standing, next_run(rules, 0, change.standing, at)
    return down


@given(st.integers(1_000_000, 2_000_000), st.integers(120_000, 2_000_000))
def test_it_sees_the_same_outage_alike_however_often_it_asks(begin, length):
    for interval in (60_000, 20_000):
        assert abs(observed(interval, begin, begin + length) - length) <= interval


@given(st.integers(20, 30), st.integers(3, 30))
def test_it_sees_exactly_the_same_of_an_outage_that_both_grids_meet(begin, length):
    start, end = begin * 60_000, (begin + length) * 60_000
    assert observed(60_000, start, end) == observed(20_000, start, end) == length * 60_000


@given(st.integers(1, 10**6), st.sampled_from([5_000, 20_000, 30_000, 86_400_000]), st.integers(0, 10**13))
def test_it_plans_every_run_on_the_probes_own_grid(probe_id, interval, after):
    rules = Rules(interval, 5_000, 10_000, 2, 1)
    planned = next_run(rules, probe_id, Standing(outcome=UP, status=UP), after)
    assert after < planned <= after + interval
    assert planned % interval == phase(probe_id, interval)


@pytest.mark.parametrize("interval", [5_000, 30_000])
def test_it_spreads_probes_evenly_over_the_interval(interval):
    tenth = interval / 10
    counts = [0] * 10
    for probe_id in range(1, 1001):
        counts[int(phase(probe_id, interval) // tenth)] += 1
    assert max(counts) - min(counts) <= 5


def test_it_asks_sooner_while_a_failure_is_not_confirmed():
    pending = run("uud")[0]
    assert next_run(RULES, 1, pending, 60_000) <= 70_000
