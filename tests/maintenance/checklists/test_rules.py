"""The pure rules, on any input."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from maintenance.checklists.states import (
    RunStatus,
    Settled,
    Source,
    is_stale,
    judge_choice,
    judge_number,
    may_become,
    needs_person,
    run_verdict,
    standing,
    time_spent,
)
from opsconsole.measures.verdicts import Rule, Verdict
from tests.conftest import NOW


@dataclass
class Given:
    kind: str = "check"
    verdict: str = Verdict.OK
    source: str = Source.MACHINE
    read_at: datetime | None = NOW
    freshness_minutes: int = 30
    settled: str = ""


answers = st.builds(
    Given,
    kind=st.sampled_from(["manual", "measure", "check"]),
    verdict=st.sampled_from(list(Verdict)),
    source=st.sampled_from(["", *Source]),
    read_at=st.none() | st.integers(-5000, 5).map(lambda m: NOW + timedelta(minutes=m)),
    freshness_minutes=st.integers(1, 1500),
    settled=st.sampled_from(["", *Settled]),
)


@given(answers)
def test_it_never_shows_green_what_nobody_verified(answer):
    if standing(answer, NOW) == Verdict.OK:
        assert answer.source
        assert answer.verdict == Verdict.OK
        assert not is_stale(answer, NOW)


@given(answers)
def test_it_needs_a_person_for_all_that_is_neither_fine_nor_settled(answer):
    assert needs_person(answer, NOW) == (not answer.settled and standing(answer, NOW) != Verdict.OK)


@given(answers, st.integers(0, 3000))
def test_it_never_becomes_better_by_waiting(answer, minutes):
    later = NOW + timedelta(minutes=minutes)
    assert standing(answer, later) in (standing(answer, NOW), Verdict.UNKNOWN)


@given(st.lists(answers, max_size=8))
def test_it_is_green_only_when_every_answer_is(found):
    verdict = run_verdict(found, NOW)
    green = all(standing(a, NOW) == Verdict.OK and a.settled != Settled.SKIPPED for a in found)
    assert (verdict == Verdict.OK) == (bool(found) and green)


def test_it_is_stale_one_second_after_its_limit():
    answer = Given(read_at=NOW - timedelta(minutes=30))
    assert not is_stale(answer, NOW)
    assert is_stale(answer, NOW + timedelta(seconds=1))


def test_it_is_not_stale_once_a_person_has_settled_it():
    assert not is_stale(Given(read_at=NOW - timedelta(days=1), settled=Settled.NOTED), NOW)


@given(st.floats(-1e6, 1e6))
def test_it_judges_a_number_by_its_rule(number):
    wanted = {True: Verdict.OK, False: Verdict.BAD}[number <= 9]
    assert judge_number(number, Rule("lower", 9)) == wanted
    assert judge_number(number, None) == Verdict.OK


def test_it_does_not_know_without_a_number():
    assert judge_number(None, Rule("lower", 9)) == judge_number(None, None) == Verdict.UNKNOWN


def test_it_wants_the_first_choice():
    assert judge_choice("Enough", ["Enough", "Too little"]) == Verdict.OK
    assert judge_choice("Too little", ["Enough", "Too little"]) == Verdict.LOOK


def test_it_lets_a_missed_run_be_signed_and_nothing_signed_change():
    assert may_become(RunStatus.MISSED, RunStatus.SIGNED)
    assert not any(may_become(RunStatus.SIGNED, status) for status in RunStatus)


@given(st.integers(-1000, 100_000))
def test_it_counts_a_pause_as_five_minutes_at_the_most(seconds):
    spent = time_spent(NOW, NOW + timedelta(seconds=seconds))
    assert spent == max(0, min(seconds, 300))
    assert time_spent(None, NOW) == 0
