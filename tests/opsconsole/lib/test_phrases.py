"""Lists and numbers in sentences."""

import pytest

from opsconsole.lib.phrases import capital, closed, in_words, listed


@pytest.mark.parametrize(
    ("things", "said"),
    [("", ""), ("A", "A"), ("AB", "A and B"), ("ABC", "A, B and C"), (range(2), "0 and 1")],
)
def test_it_lists_with_a_last_and(things, said):
    assert listed(things) == said


@pytest.mark.parametrize(
    ("things", "said"),
    [("A", "A"), ("AB", "A and B"), ("ABC", "A, B and 1 more"), ("ABCDE", "A, B and 3 more")],
)
def test_it_names_the_first_and_counts_the_rest(things, said):
    assert listed(things, 2) == said


@pytest.mark.parametrize(("number", "said"), [(0, "no"), (1, "one"), (12, "twelve"), (13, "13")])
def test_it_says_small_numbers_in_words(number, said):
    assert in_words(number) == said


@pytest.mark.parametrize(
    ("text", "said"), [("", ""), ("api is down", "Api is down"), ("TTA rose", "TTA rose")]
)
def test_it_begins_a_sentence(text, said):
    assert capital(text) == said


@pytest.mark.parametrize(
    ("text", "ended"), [("It answered 503", "It answered 503."), ("Gone.", "Gone."), ("", "")]
)
def test_it_ends_a_sentence_once(text, ended):
    assert closed(text) == ended
