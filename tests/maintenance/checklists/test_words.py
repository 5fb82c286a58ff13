"""Rules and schedules in words."""

import pytest

from maintenance.checklists.words import need_words, rule_words, schedule_words
from opsconsole.measures.verdicts import Rule

ALL = list(range(1, 13))


@pytest.mark.parametrize(
    ("weekdays", "ordinal", "months", "words"),
    [
        (list(range(7)), 0, ALL, "every day"),
        ([0, 1, 2, 3, 4], 0, ALL, "Mon to Fri"),
        ([4, 0, 2], 0, ALL, "Mondays, Wednesdays and Fridays"),
        ([0], 1, ALL, "the first Monday of a month"),
        ([4], -1, ALL, "the last Friday of a month"),
        ([0], 1, [1, 4, 7, 10], "the first Monday of Jan, Apr, Jul and Oct"),
        ([5], 0, [6], "Saturdays in Jun"),
    ],
)
def test_it_says_a_schedule(weekdays, ordinal, months, words):
    assert schedule_words(weekdays, ordinal, months) == words


def test_it_says_a_rule():
    assert rule_words(Rule("lower", 0, 5), "%") == "wanted at most 0 %, bad above 5 %"
    assert rule_words(Rule("higher", 99.9), "%") == "wanted at least 99.9 %"
    assert rule_words(Rule()) == ""


@pytest.mark.parametrize(
    ("exceptions", "questions", "words"),
    [
        (3, 0, "Three things need you"),
        (1, 0, "One thing needs you"),
        (0, 1, "One question waits for your answer"),
        (1, 13, "One thing needs you, and 13 questions wait for your answer"),
        (13, 2, "13 things need you, and two questions wait for your answer"),
    ],
)
def test_it_says_what_is_needed(exceptions, questions, words):
    assert need_words(exceptions, questions) == words


def test_it_says_a_rule_as_it_was_given_and_no_longer():
    assert rule_words(Rule("higher", 99.9, 99), "%") == "wanted at least 99.9 %, bad below 99 %"
    assert rule_words(Rule("lower", 0.125), "s") == "wanted at most 0.125 s"
