"""The rule of an HTTP probe: words, where a redirect leads, and upside down, which never makes anything of a fault of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.catalogue.states import Status
from monitoring.probes.kinds import Answer, Verdict
from monitoring.probes.kinds.http.requests import target


def verdict(answer: Answer, **config) -> Verdict:
    return target({"url": "https://shop.example.com/"} | config, {}, 5.0).judge(answer)


def says(answer: Answer, **config) -> str:
    return verdict(answer, **config).reason


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"keyword_present": "Shop\nopen"}, ""),
        ({"keyword_present": "Shop\nclosed"}, "The answer does not contain “closed”."),
        ({"keyword_present": "SHOP"}, "The answer does not contain “SHOP”."),
        ({"keyword_present": "SHOP\nÖFFNUNG", "keyword_any_case": True}, ""),
        ({"keyword_absent": "error\nopen"}, "The answer contains “open”."),
        ({"keyword_absent": "ERROR\nOPEN", "keyword_any_case": True}, "The answer contains “OPEN”."),
    ],
)
def test_it_looks_for_words(config, reason):
    assert says(Answer(code=200, body="Shop is open, Öffnung".encode()), **config) == reason


def test_it_looks_for_words_in_the_character_set_of_the_page():
    page = Answer(code=200, body="Käse".encode("latin-1"), kind="text/html; charset=iso-8859-1")
    assert (
        says(page, keyword_present="Käse") == says(page, keyword_present="KÄSE", keyword_any_case=True) == ""
    )


@pytest.mark.parametrize(
    ("redirect", "reason"),
    [
        ("https://shop.example.com/login", ""),
        ("https://elsewhere.example/", "It leads to https://elsewhere.example/; expected is “/login”."),
        ("", "It leads nowhere; expected is a redirect to “/login”."),
    ],
)
def test_it_judges_where_it_is_led(redirect, reason):
    config = {"most_redirects": 0, "redirect_to": "/login", "expected_status": "302"}
    assert says(Answer(code=302, redirect=redirect), **config) == reason


@pytest.mark.parametrize(
    ("answer", "grade", "reason"),
    [
        (Answer(code=200), "down", "It answered 200 as if all were well; this probe expects it to fail."),
        (Answer(code=500), "up", "It fails, as this probe expects: It answered 500; expected is 200-299."),
        (
            Answer(error=7, problem="Nothing accepts connections"),
            "up",
            "It fails, as this probe expects: Nothing accepts connections",
        ),
        (Answer(ours="The console was offline."), "unknown", "The console was offline."),
    ],
)
def test_it_turns_up_and_down_around(answer, grade, reason):
    found = verdict(answer, upside_down=True)
    assert (found.grade, found.reason) == (grade, reason)


def test_it_makes_nothing_of_what_it_could_not_judge():
    config = {"conditions": [{"path": "$.a", "op": "exists", "value": ""}]}
    answer = Answer(code=200, body=b"[" * 100_000)
    assert (
        verdict(answer, **config).grade == verdict(answer, upside_down=True, **config).grade == Status.UNKNOWN
    )


ANSWERS = st.builds(
    Answer, error=st.integers(0, 99), problem=st.text(max_size=9), code=st.integers(0, 999), ms=st.floats(0, 1e6),
    body=st.binary(max_size=30), ours=st.sampled_from(["", "We stood still."]), cut=st.booleans(),
    redirect=st.text(max_size=9),
)  # fmt: skip
CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        "keyword_present": st.sampled_from(["a", "a\nb"]),
        "keyword_any_case": st.booleans(),
        "conditions": st.just([{"path": "$.a", "op": "==", "value": "1"}]),
        "redirect_to": st.just("x"),
        "most_redirects": st.sampled_from([0, 3]),
        "expected_status": st.sampled_from(["200-299", "100-599"]),
    },
)  # fmt: skip
TURNED = {Status.UP: Status.DOWN, Status.DOWN: Status.UP, Status.UNKNOWN: Status.UNKNOWN}


@given(ANSWERS, CONFIGS)
def test_it_only_ever_swaps_up_and_down(answer, config):
    upright = verdict(answer, **config).grade
    assert verdict(answer, upside_down=True, **config).grade == TURNED[upright]


def test_it_goes_on_as_it_was_saved():
    saved = {"follow_redirects": False, "keyword_present": " two words "}
    asked = target({"url": "https://shop.example.com/"} | saved, {}, 5.0).request
    assert (asked.follow, says(Answer(code=200, body=b"in two words there"), **saved)) == (0, "")
    assert target({"url": "https://shop.example.com/"}, {}, 5.0).request.downgrade
