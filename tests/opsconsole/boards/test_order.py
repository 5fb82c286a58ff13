"""The order of tiles: what is stored, what came since, and each act."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.boards.order import ACTS, Placed, before, placed, shown, stored

names = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)
acts = st.lists(
    st.tuples(st.sampled_from([*ACTS, "before"]), st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))
)


HIDDEN = [{"of": of, "hidden": of in "ef"} for of in "abcdef"]


def tiles(figures):
    return placed(figures, [])


def spelt(found):
    return "".join(each.of.upper() if each.hidden else each.of for each in found)


@pytest.mark.parametrize(
    ("act", "of", "after"),
    [
        ("earlier", "c", "acbdEF"),
        ("earlier", "a", "abcdEF"),
        ("later", "a", "bacdEF"),
        ("later", "d", "abcdEF"),
        ("hide", "b", "acdBEF"),
        ("show", "f", "abcdfE"),
        ("later", "e", "abcdEF"),
        ("wide", "b", "abcdEF"),
    ],
)
def test_it_does_one_thing_to_one_tile(act, of, after):
    assert spelt(ACTS[act](placed("abcdef", HIDDEN), of)) == after


def test_it_puts_one_before_another_and_last_before_none():
    assert spelt(before(tiles("abcd"), "d", "b")) == "adbc"
    assert spelt(before(tiles("abcd"), "a", "")) == "bcda"
    assert spelt(before(tiles("abcd"), "a", "a")) == "bcda"


def test_it_shows_what_came_since_and_forgets_what_is_gone():
    assert spelt(placed(["a", "new"], [{"of": "gone"}, {"of": "a", "wide": True}])) == "anew"


def test_it_comes_back_as_it_was_stored():
    found = ACTS["wide"](ACTS["hide"](tiles("abc"), "a"), "c")
    assert (
        placed("abc", stored(found))
        == found
        == [Placed("b"), Placed("c", wide=True), Placed("a", hidden=True)]
    )


@given(names, acts)
def test_it_never_loses_or_doubles_a_tile(figures, done):
    found = placed(figures, [])
    for act, of, other in done:
        found = before(found, of, other) if act == "before" else ACTS[act](found, of)
    assert sorted(each.of for each in found) == sorted(figures)
    assert found[: len(shown(found))] == shown(found)
