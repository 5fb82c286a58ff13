"""What the JSON of an answer must say: every operator, what it says when it fails, and that nothing in an answer breaks it."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.catalogue.states import Status
from monitoring.probes.kinds import Answer
from monitoring.probes.kinds.http import conditions
from monitoring.probes.kinds.http.operators import BARE, OPERATORS
from opsconsole.lib import json_paths as paths

SHOP = {
    "status": "ok",
    "queue": 120,
    "ratio": "0.25",
    "live": True,
    "note": None,
    "tags": ["eu", "prod"],
    "jobs": [{"name": "mail", "ok": True}, {"name": "sync", "ok": False}],
}


def verdict(path: str, op: str, value: str = "", body: bytes = json.dumps(SHOP).encode()):
    rows = conditions.clean([{"path": path, "op": op, "value": value}])
    return conditions.made_ready(rows)(Answer(code=200, body=body))


@pytest.mark.parametrize(
    ("path", "op", "value"),
    [
        ("$.status", "==", "ok"),
        ("status", "==", '"ok"'),
        ("$['status']", "!=", "down"),
        ("$.queue", "==", "120.0"),
        ("$.queue", "<=", "120"),
        ("$.queue", ">", " 7 "),
        ("$.ratio", "<", "0.3"),
        ("$.ratio", "==", "0.25"),
        ("$.live", "==", "true"),
        ("$.note", "==", "null"),
        ("$.note", "exists", ""),
        ("$.gone", "missing", ""),
        ("$.tags", "contains", "eu"),
        ("$.tags", "==", '["eu", "prod"]'),
        ("$.status", "contains", "k"),
        ("$", "contains", "jobs"),
        ("$.status", "matches", "o?"),
        ("$.tags[*]", "matches", "*"),
        ("$.tags", "length ==", "2"),
        ("$.status", "length <=", "2"),
        ("$.jobs[?@.name=='mail'].ok", "==", "true"),
        ("$.jobs[*].name", "length >=", "4"),
        ("$..ok", "exists", ""),
    ],
)
def test_it_holds(path, op, value):
    assert verdict(path, op, value) is None


@pytest.mark.parametrize(
    ("path", "op", "value", "says"),
    [
        ("$.status", "==", "up", "$.status is “ok”; expected is “up”."),
        ("$.queue", "<=", "100", "$.queue is 120; expected is that it is at most 100."),
        ("$.live", "==", "1", "$.live is true; expected is 1."),
        ("$.ratio", "==", '"1"', '$.ratio is “0.25”; expected is "1".'),
        ("$.status", "<", "5", "$.status is “ok”, which is no number; expected is that it is less than 5."),
        ("$.live", "length ==", "1", "$.live is true, which has no length;"),
        ("$.queue", "matches", "1*", "$.queue is 120, which is no text;"),
        ("$.status", "matches", "[o]k", "expected is that it matches “[o]k”."),
        ("$.jobs[*].ok", "==", "true", "$.jobs[*].ok is false; expected is true."),
        (
            "$.gone",
            "==",
            "1",
            "$.gone is not in the answer. It has status, queue, ratio, live, note and 1 more.",
        ),
        ("$.gone", "exists", "", "$.gone is not in the answer."),
        ("$.tags", "missing", "", "$.tags is a list of 2; expected is that it does not exist."),
    ],
)
def test_it_says_what_it_found(path, op, value, says):
    found = verdict(path, op, value)
    assert (found.grade, says in found.reason) == (Status.DOWN, True), found.reason


@pytest.mark.parametrize(
    ("body", "grade", "says"),
    [
        (b"<h1>502</h1>", "down", "The answer is no JSON: it begins with “<h1>502</h1>”."),
        (b"", "down", "The answer is empty, and so no JSON."),
        (b'{"status": NaN}', "down", "no JSON"),
        (b'{"status": "ok"', "down", "no JSON"),
        (b"\xff\xfe\x00", "down", "no JSON"),
        (b'"ok"', "down", "$.status is not in the answer. It is “ok”."),
        (b"[" * 100_000, "unknown", "nested too deeply"),
        (b"[" * 400 + b"]" * 400, "down", "It is a list of 1."),
        (b'{"status": "\\u0000\\ud800"}', "down", "$.status is “”"),
        (b'{"status": 1e999}', "down", "$.status is Infinity"),
        (b'{"status": ' + b"9" * 4000 + b"}", "down", "a number of over 30 digits"),
    ],
)
def test_it_reads_what_is_no_shop(body, grade, says):
    found = verdict("$.status", "==", "ok", body)
    assert (found.grade, says in found.reason) == (grade, True), found.reason


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "utf-16le"])
def test_it_reads_the_character_set_that_is_named(charset):
    body, kind = '{"status": "schön"}'.encode(charset), f"application/json; charset={charset}"
    ready = conditions.made_ready(conditions.clean([{"path": "$.status", "op": "==", "value": "schön"}]))
    assert ready(Answer(code=200, body=body, kind=kind)) is None


def test_it_compares_a_text_as_a_whole_answer():
    assert verdict("$", "==", "ok", b'"ok"') is None


def test_it_judges_no_answer_that_was_cut():
    rows = conditions.clean([{"path": "$.a", "op": "exists", "value": ""}])
    found = conditions.made_ready(rows)(Answer(code=200, body=b"{}", cut=True))
    assert found and found.grade == Status.UNKNOWN


@pytest.mark.parametrize(
    "path", ["$..*", "$[?@==2]", "$[?count($[*])>1]", "$..[?@..*]", "$[?@[0][0][0][0]]", "$[*,*,*,*]"]
)
def test_it_spends_no_more_than_its_budget(path):
    wide = json.dumps([[[[[n]]]] for n in range(40_000)]).encode()
    assert verdict(path, "exists", "", wide).grade == Status.UNKNOWN


def test_it_walks_as_far_as_its_budget_goes():
    assert len(paths.find(paths.compiled("$[*]"), [0] * paths.MOST)) == paths.MOST


def test_it_says_that_a_path_leads_too_far():
    found = verdict("$..x", "exists", "", json.dumps([[n] for n in range(40_000)]).encode())
    assert "leads through more than 20,000 values" in found.reason


def test_it_gives_up_below_a_hundred_levels():
    deep = ('{"a":' * 300 + "1" + "}" * 300).encode()
    assert verdict("$..x", "exists", "", deep).grade == Status.UNKNOWN


def test_it_holds_no_long_text_against_a_pattern():
    found = verdict("$", "matches", "*a*b", json.dumps("a" * 20_000).encode())
    assert "longer than 10,000 characters" in found.reason


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"path": "$[", "op": "=="}, "is no JSON path"),
        ({"path": "$.a", "op": "~"}, "is no operator"),
        ({"path": "", "op": "==", "value": "1"}, "has a value but no path"),
        ({"path": "$.a", "op": "<", "value": "many"}, "needs a number"),
        ({"path": "$.a", "op": "length ==", "value": "-1"}, "needs a whole number"),
        ({"path": "$.a", "op": "contains", "value": ""}, "needs a text"),
        ({"path": "$.a[?match(@, '(a+)+$')]", "op": "exists"}, "is no JSON path"),
        ({"path": "$.a[?search(@, '(a+)+$')]", "op": "exists"}, "is no JSON path"),
        ({"path": "$." + "a" * 600, "op": "exists"}, "at most 500 characters"),
        ("nonsense", "has a path, an operator and a value"),
    ],
)
def test_it_refuses(row, says):
    with pytest.raises(ValueError, match=says):
        conditions.clean([row])


def test_it_takes_ten_and_leaves_out_empty_ones():
    row = {"path": "a", "op": "exists", "value": "ignored"}
    assert conditions.clean([{"path": " ", "op": "==", "value": ""}, row]) == [
        {"path": "$.a", "op": "exists", "value": ""}
    ]
    with pytest.raises(ValueError, match="At most 10"):
        conditions.clean([row] * 11)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=15,
)
PATHS = st.sampled_from(
    ["$", "$.a", "$..*", "$[0]", "$[-1:]", "$[?@.a]", "$[?@ > 1]", "$..['a','b']", "$[?length(@)>1]"]
)


@settings(max_examples=150)
@given(
    PATHS,
    st.sampled_from(list(OPERATORS)),
    VALUES.map(json.dumps) | st.text(max_size=9),
    VALUES.map(json.dumps),
)
def test_it_never_raises(path, op, value, body):
    row = {"path": path, "op": op, "value": "" if op in BARE else value[:400]}
    try:
        rows = conditions.clean([row])
    except ValueError:
        return
    found = conditions.made_ready(rows)(Answer(code=200, body=body.encode()))
    storable(found.reason if found else "")


@given(st.binary(max_size=60))
def test_it_bears_any_bytes(body):
    storable(verdict("$..a", "exists", body=body).reason if verdict("$..a", "exists", body=body) else "")


@given(st.text(alphabet="$.[]?@()'\"ab01*:,=<>&|! ", max_size=25))
def test_it_compiles_a_path_or_says_that_it_is_none(text):
    with suppress(ValueError, paths.TooMuch):
        paths.find(paths.compiled(text), {"a": [1, {"b": "0"}]})


def storable(reason: str) -> None:
    """Every database takes it."""
    assert "\x00" not in reason
    assert reason.encode().decode() == reason
