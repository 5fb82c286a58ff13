"""A week as data: complete, plain, the same each time, and standing when a part of it fails."""

import json

import pytest

from maintenance.reports import figures
from maintenance.reports.builder import build
from maintenance.reports.sections import Item, breakage, contributes
from opsconsole.measures.verdicts import Reading
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK
from tests.maintenance.reports.make import broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("old_team", "bare")]


def part(data, key):
    return next(section for section in data["sections"] if section["key"] == key)


def test_it_freezes_each_figure_with_all_that_explains_it(headline):
    reading = Reading(99.95, 0.99, 7, "/monitoring/?from=1&to=2", "Seven services.")
    headline("acme.up", lambda period: reading, unit="%", target=99.9, digits=2, version=3, method="By hand.")
    frozen = build(WEEK, VIENNA, MONDAY)["figures"][0]
    kept = ("value", "verdict", "coverage", "n", "evidence_url", "version", "method", "target_words")
    assert [frozen[name] for name in kept] == [
        99.95, "ok", 0.99, 7, "/monitoring/?from=1&to=2", 3, "By hand.", "at least 99.9 %",
    ]  # fmt: skip
    assert [one["name"] for one in frozen["earlier"]] == [
        "week 45", "week 42, four weeks earlier", "week 46 of 2025",
    ]  # fmt: skip


def test_it_is_plain_json_that_thaws_to_the_same_figures(headline):
    headline("acme.up", lambda period: 99.95, unit="%")
    data = build(WEEK, VIENNA, MONDAY)
    again = json.loads(json.dumps(data))
    assert again == data
    assert figures.thaw(again["figures"]) == figures.read(WEEK, VIENNA, MONDAY)


def test_it_gives_the_same_for_the_same_moment(headline):
    headline("acme.up", lambda period: 99.95)
    assert build(WEEK, VIENNA, MONDAY) == build(WEEK, VIENNA, MONDAY)


def test_it_leaves_out_figures_that_do_not_exist(headline, monkeypatch):
    headline("acme.up", lambda period: 99.95)
    figures.headline("acme.unheard", order=0)
    assert figures.shown() == ["acme.up"]


def test_it_shows_eight_figures_at_the_most(headline):
    for number in range(10):
        headline(f"acme.m{number}", lambda period: 1.0)
    assert len(build(WEEK, VIENNA, MONDAY)["figures"]) == 8


def test_it_puts_contributions_in_order_under_their_heading():
    contributes("attention", order=20)(lambda context: [Item("second")])

    @contributes("attention", order=10)
    def first(context):
        return [Item(f"first, of week {context.week.number}")]

    texts = [item["text"] for item in part(build(WEEK, VIENNA, MONDAY), "attention")["items"]]
    assert texts == ["first, of week 46", "second"]


def test_it_refuses_a_heading_that_does_not_exist():
    with pytest.raises(ValueError, match="gossip"):
        contributes("gossip", order=1)


def test_it_says_which_part_could_not_be_read():
    @contributes("attention", order=10)
    def bad(context):
        raise RuntimeError("boom")

    items = part(build(WEEK, VIENNA, MONDAY), "attention")["items"]
    assert "could not be read (test_builder.bad)" in items[0]["text"]
    assert items[0]["tone"] == "unknown"


def test_it_tells_what_broke_and_counts_decisions(headline):
    headline("acme.up", lambda period: 99.95, target=99.9)

    @breakage
    def incidents(context):
        return [broken()]

    @contributes("wanted", order=1)
    def decide(context):
        return [Item("Cut the logs?", url="/x/", action="Decide")]

    sentence = build(WEEK, VIENNA, MONDAY)["verdict"]["sentence"]
    assert "“API is down” (P1), hurt for 18 min" in sentence
    assert "One decision is wanted from you." in sentence


def test_it_claims_nothing_of_what_broke_when_that_cannot_be_read(headline):
    headline("acme.up", lambda period: 99.95, target=99.9)

    @breakage
    def incidents(context):
        raise RuntimeError("boom")

    verdict = build(WEEK, VIENNA, MONDAY)["verdict"]
    assert verdict["tone"] == "unknown"
    assert "What broke could not be read." in verdict["sentence"]
