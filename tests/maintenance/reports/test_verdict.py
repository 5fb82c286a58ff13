"""The first sentences: rules over what is known, never kinder than the records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintenance.reports.verdict import Facts, opening, sentence, tone
from tests.maintenance.reports.make import broken, earlier, figure

GOOD = figure(target=99.9)
LOOK = figure("Time to resolve", 80, unit="min", digits=0, better="lower", target=60, limit=120)
BAD = figure("Jobs", 70, target=99)
UNREAD = figure("Latency", None)
NOTHING = figure("Time to acknowledge", None, n=0)
OUTAGE = broken()

figures = st.lists(st.sampled_from([GOOD, LOOK, BAD, UNREAD, NOTHING]), max_size=8)
brokens = st.builds(
    broken,
    st.just("API is down"),
    st.integers(0, 3),
    st.floats(0, 5000),
    at=st.floats(0, 5000),
    is_open=st.booleans(),
)
facts = st.builds(
    Facts, figures, st.lists(brokens, max_size=5), st.integers(0, 12), st.booleans(), st.booleans()
)


@pytest.mark.parametrize(
    ("given_facts", "said"),
    [
        (Facts([GOOD]), "A good week. Nothing broke. Every figure is on target. Nothing is wanted from you."),
        (
            Facts([GOOD, NOTHING], [OUTAGE], 1),
            "A good week. One incident, “API is down” (P1), hurt for 18 min. Every figure is on target."
            " One decision is wanted from you.",
        ),
        (
            Facts([GOOD, UNREAD, GOOD]),
            "A good week, as far as it was measured. Nothing broke. Every figure that was measured is on target."
            " One figure could not be verified. Nothing is wanted from you.",
        ),
        (
            Facts([LOOK], [], 0, running=True),
            "So far a mixed week. Nothing broke. Time to resolve missed the target: 80 min instead of at least 60 %."
            " Nothing is wanted from you.",
        ),
        (
            Facts([BAD, LOOK], [broken("Mail is slow", 2, 90, at=500, is_open=True), OUTAGE], 3),
            "A hard week. Two incidents hurt for 1 h 48 min in all, the worst was “API is down” (P1); one still open."
            " Jobs and time to resolve missed their targets. Three decisions are wanted from you.",
        ),
        (Facts(), "A week of which little was measured. Nothing is wanted from you."),
        (
            Facts([UNREAD]),
            "A week of which little was measured. One figure could not be verified. Nothing is wanted from you.",
        ),
    ],
)
def test_it_says_in_plain_words_how_the_week_was(given_facts, said):
    assert sentence(given_facts) == said


def test_it_calls_no_week_good_of_which_most_could_not_be_verified():
    assert opening(Facts([GOOD, UNREAD, UNREAD])) == "A week of which little was measured."


def test_it_calls_no_week_good_because_there_was_nothing_to_measure():
    assert opening(Facts([GOOD, UNREAD, UNREAD, NOTHING, NOTHING])) == "A week of which little was measured."


def test_it_names_the_largest_improvement():
    better = earlier(60.0, delta=-15.0, relative=-0.25, tone="ok")
    faster = figure("Time to resolve", 45, unit="min", digits=0, better="lower", target=60, earlier=[better])
    assert "Time to resolve improved (−15 min on week 45)." in sentence(Facts([GOOD, faster]))


@pytest.mark.parametrize(
    ("found", "judged"),
    [
        ([], "ok"),
        ([OUTAGE], "ok"),
        ([broken("x", 1, 61)], "look"),
        ([broken("x", 1, 5, is_open=True)], "look"),
        ([broken("x", 2, 500)], "ok"),
        ([broken("x", 2, 5)] * 3, "look"),
        ([broken("x", 3, 5)] * 3, "ok"),
        ([broken("x", 0, 5)], "bad"),
    ],
)
def test_it_weighs_what_broke(found, judged):
    assert tone(Facts([GOOD], found)) == judged


def test_it_counts_once_what_hurt_at_the_same_time():
    overlapping = [broken(minutes=60), broken(minutes=30, at=45), broken(minutes=5, at=10)]
    assert "Three incidents hurt for 1 h 15 min in all" in sentence(Facts([GOOD], overlapping))


@given(facts)
def test_it_never_calls_a_week_good_with_a_figure_off_target(found):
    if any(one.is_off for one in found.figures):
        assert tone(found) in ("look", "bad")
        assert "good week" not in sentence(found)


@given(facts)
def test_it_never_says_every_figure_when_some_could_not_be_verified(found):
    if any(one.is_unread for one in found.figures):
        assert "Every figure is" not in sentence(found)
        assert "could not be verified" in sentence(found)
        assert opening(found) not in ("A good week.", "So far a good week.")


@given(facts)
def test_it_says_that_nothing_broke_only_when_nothing_did(found):
    assert not ((found.broken or not found.broken_known) and "Nothing broke" in sentence(found))


@given(facts)
def test_it_never_calls_a_week_good_when_it_does_not_know_what_broke(found):
    if not found.broken_known:
        assert tone(found) != "ok"


@given(facts)
def test_it_always_writes_whole_sentences(found):
    said = sentence(found)
    assert said.endswith(".")
    assert "None" not in said
    assert "  " not in said
    assert said.startswith(opening(found))


def test_it_does_not_round_a_figure_to_the_target_that_it_missed():
    said = sentence(Facts([figure(value=99.896, target=99.9)]))
    assert "Uptime missed the target: 99.896 % instead of" in said
