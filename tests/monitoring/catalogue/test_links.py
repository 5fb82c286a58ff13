"""Links of a service to its logs and dashboards, opened at the time in question."""

import re
from datetime import UTC, datetime

import pytest

from monitoring.catalogue.links import MOST, opened, parse, written

START, END = datetime(2026, 11, 18, 8, tzinfo=UTC), datetime(2026, 11, 18, 9, 0, 0, 500_000, tzinfo=UTC)


def test_it_reads_one_a_line_and_writes_it_again():
    text = "App logs https://logs.example.com/?from={from_ms}\nTraces http://traces.example.com/"
    assert [link["title"] for link in parse(f"\n {text}  \n\n")] == ["App logs", "Traces"]
    assert written(parse(text)) == text
    assert parse("  \n") == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("{from}", "2026-11-18T08%3A00%3A00Z"),
        ("{from_s}", "1794988800"),
        ("{to_ms}", "1794992400500"),
        ('{"range":{to_s}}', '{"range":1794992400}'),
    ],
)
def test_it_puts_the_time_in(place, value):
    links = parse(f"Logs https://logs.example.com/?q={place}")
    assert opened(links, START, END)[0]["url"] == f"https://logs.example.com/?q={value}"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("https://logs.example.com/", "no title"),
        ("Logs logs.example.com", "no web address"),
        ("Logs javascript:alert(1)", "no web address"),
        ("Logs https://[", "no web address"),
        ("Logs https://a.example:99999/", "no web address"),
        ("Logs https://me:secret@logs.example.com/", "name and password"),
        ("Logs https://logs.example.com/?f={begin}", "“{begin}” is not known"),
        (f"{'L' * 41} https://logs.example.com/", "at most 40"),
    ],
)
def test_it_says_what_is_wrong(line, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        parse(line)


def test_it_takes_a_dozen():
    with pytest.raises(ValueError, match="At most 12 links; these are 13"):
        parse("Logs https://logs.example.com/\n" * (MOST + 1))
