"""The list of figures and the page of one."""

from datetime import UTC, datetime, timedelta

import pytest

from opsconsole.accounts.models import Team
from opsconsole.measures.models import DailyValue
from opsconsole.measures.pages import _within
from opsconsole.measures.uses import Use, uses
from opsconsole.measures.verdicts import Reading

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at(frozen, team):
    Team.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))


def keep_days(slug, count, now):
    for ago in range(1, count + 1):
        day = now.date() - timedelta(days=ago)
        DailyValue.objects.create(
            measure=slug, day=day, value=99.9, verdict="ok", read_at=now, evidence_url="/rows/", n=8
        )


def test_it_sends_strangers_to_the_sign_in(client, owner):
    assert client.get("/measures/").status_code == 302
    assert client.get("/measures/acme.up/").status_code == 302


def test_it_says_that_every_figure_is_on_target(define, signed_in, viewer):
    define("acme.up", lambda period: 99.99, unit="%", target=99.9, digits=2)
    page = signed_in(viewer).get("/measures/").content.decode()
    assert "<h1>Every figure is on target.</h1>" in page
    assert "99.99\u00a0%" in page
    assert "target at least 99.9" in page


def test_it_names_what_is_off_target_first_and_what_could_not_be_verified(define, signed_in, viewer):
    define("acme.up", lambda period: 98.0, title="Uptime", unit="%", target=99.9)
    define("acme.late", lambda period: None, title="Late jobs")
    define("acme.fine", lambda period: 1.0, title="A fine one")
    page = signed_in(viewer).get("/measures/").content.decode()
    assert "1 figure is off target: uptime. 1 figure could not be verified." in page
    assert page.index("Uptime") < page.index("Late jobs") < page.index("A fine one")


def test_it_calls_nothing_on_target_before_anything_was_measured(define, signed_in, viewer):
    define("acme.up", lambda period: None, target=99.9)
    page = signed_in(viewer).get("/measures/").text
    assert "<h1>Nothing has been measured yet.</h1>" in page


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (Reading(None), "could not be verified"),
        (Reading(None, 1, 0), "nothing to measure"),
        (Reading(99.95, 0.01), "99.95 % over the last 7 days, not verified"),
        (Reading(99.95), "99.95 % over the last 7 days, on target"),
        (Reading(98.5), "98.50 % over the last 7 days, well off target"),
    ],
)
def test_it_says_how_a_figure_stands(define, signed_in, viewer, reading, said):
    define("acme.up", lambda period: reading, unit="%", target=99.9, limit=99, digits=2)
    assert f"<h1>Up: {said}" in signed_in(viewer).get("/measures/acme.up/").text


def test_it_does_not_colour_what_there_was_nothing_to_measure_of(define, signed_in, viewer):
    define("acme.tta", lambda period: Reading(None, 1, 0), title="Time to acknowledge", unit="min")
    page = signed_in(viewer).get("/measures/").content.decode()
    assert "Nothing yet" in page


def test_it_asks_for_a_constant_number_of_queries(
    define, signed_in, viewer, now, django_assert_max_num_queries
):
    for number in range(25):
        define(f"acme.m{number}", lambda period: 1.0)
        keep_days(f"acme.m{number}", 14, now)
    client = signed_in(viewer)
    with django_assert_max_num_queries(16):
        client.get("/measures/")


def test_it_shows_how_a_figure_is_defined(define, signed_in, viewer, now, monkeypatch):
    monkeypatch.setattr(uses, "_entries", {"x": lambda slug: [Use("Weekly report", "/reports/weekly/")]})
    define("acme.up", lambda period: 99.5, unit="%", target=99.9, limit=99, digits=1, method="By hand.")
    keep_days("acme.up", 30, now)
    page = signed_in(viewer).get("/measures/acme.up/").content.decode()
    assert "Up: 99.5 % over the last 7 days, off target." in page
    for said in ("By hand.", "at least 99.9 %", "bad below 99 %", "Weekly report", 'href="/rows/"', "<svg"):
        assert said in page


def test_it_says_what_to_do_before_a_day_is_kept(define, signed_in, viewer):
    define("acme.up", lambda period: 99.5)
    assert "No day is kept yet" in signed_in(viewer).get("/measures/acme.up/").content.decode()


@pytest.mark.parametrize(
    "case", [("", 30), ("?span=90d", 90), ("?from=2026-11-09&to=2026-11-15", 7)], ids=str
)
def test_it_shows_the_days_asked_for(define, signed_in, viewer, now, case):
    query, days = case
    define("acme.up", lambda period: 99.5)
    keep_days("acme.up", 40, now)
    page = signed_in(viewer).get(f"/measures/acme.up/{query}").content.decode()
    assert page.count("<tr>") == days + 1


@pytest.mark.parametrize(("target", "tags"), [(None, 0), (99, 30)])
def test_it_calls_no_day_fine_that_nobody_judges(define, signed_in, viewer, now, target, tags):
    define("acme.up", lambda period: 99.5, target=target)
    keep_days("acme.up", 30, now)
    page = signed_in(viewer).get("/measures/acme.up/").text
    assert page.count('<span class="tag ok">Fine</span>') == tags


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?span=2y", "choose 7d, 30d, 90d or 1y"),
        ("?from=x", "Write both days"),
        ("?from=2026-11-09&to=2026-11-01", "Ask for"),
    ],
)
def test_it_says_what_is_wrong_with_a_span(define, signed_in, viewer, query, said):
    define("acme.up", lambda period: 99.5)
    client = signed_in(viewer)
    answer = client.get(f"/measures/acme.up/{query}")
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert said in client.get(f"/measures/acme.up/days.csv{query}").content.decode()


def test_it_says_that_there_is_no_such_figure(define, signed_in, viewer):
    answer = signed_in(viewer).get("/measures/acme.unheard/")
    assert answer.status_code == 404
    assert "There is no figure named “acme.unheard”." in answer.content.decode()


def test_it_gives_the_days_as_csv(define, signed_in, viewer, now):
    define("acme.up", lambda period: 99.5, unit="%")
    keep_days("acme.up", 2, now)
    lines = signed_in(viewer).get("/measures/acme.up/days.csv").content.decode().splitlines()
    assert lines[0] == "day,value,unit,verdict,coverage,observations,method_version"
    assert lines[-1] == "2026-11-17,99.9,%,ok,1.0,8,1"
    assert len(lines) == 31


def test_it_names_figures_as_they_stand_in_a_sentence():
    assert [_within(title) for title in ("Uptime", "MTTA", "A1")] == ["uptime", "MTTA", "A1"]
