"""Matchers on labels: what holds, what is missing, and what is no matcher."""

import pytest

from monitoring.alerts.matching import BadMatcher, Matcher, all_hold, exactly, parse, read, stored, written


@pytest.mark.parametrize(
    ("line", "there", "other", "missing", "empty"),
    [
        ("job=db", True, False, False, False),
        ("job!=db", False, True, True, True),
        ("job=~d.", True, False, False, False),
        ("job!~d.", False, True, True, True),
        ("job=", False, False, False, True),
        ("job=~.*", True, True, False, True),
    ],
)
def test_it_holds(line, there, other, missing, empty):
    (matcher,) = parse(f"a=b\n{line}")[1:]
    wanted = [matcher.holds(labels) for labels in ({"job": "db"}, {"job": "web"}, {}, {"job": ""})]
    assert wanted == [there, other, missing, empty]


def test_it_wants_all_lines_to_hold():
    found = parse('service = checkout\n\n severity="P1" ')
    assert found == [Matcher("service", "=", "checkout"), Matcher("severity", "=", "P1")]
    assert all_hold(found, {"service": "checkout", "severity": "P1", "x": "y"})
    assert not all_hold(found, {"service": "checkout"})


def test_it_stores_them_as_they_are():
    found = parse("a=~b|c\nd!=e")
    assert read(stored(found)) == found


@pytest.mark.parametrize("value", ["b, c=d", " x ", 'say "x"', "=", "", "a, b"])
def test_it_is_typed_as_it_is_shown(value):
    matcher = Matcher("a", "=", value)
    assert parse(str(matcher)) == [matcher]


def test_it_suggests_what_can_be_typed():
    labels = {f"l{n:02}": "x" for n in range(30)} | {"odd name": "x", "lines": "a\nb", "long": "x" * 500}
    found = exactly(labels | {"source": "inbound:1", "alertname": "Disk, full=yes"}, ("source", "alertname"))
    assert [matcher.label for matcher in found[:3]] == ["alertname", "source", "l00"]
    assert (len(found), parse(written(found))) == (20, found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "job",
        "=db",
        "job=~(",
        "job=~(a+)+$",
        "job!=db",
        "a=b\n" * 21,
        "a=" + "b" * 400,
        "job=~(a|aa)*b",
        "a=b, c=d",
        "1a=b",
        'a="b", c="d"',
    ],
)
def test_it_says_what_is_no_matcher(text):
    with pytest.raises(BadMatcher, match=r"\.$"):
        parse(text)
