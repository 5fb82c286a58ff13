"""The boards that come with the console, and their list."""

from datetime import UTC, datetime

import pytest

from opsconsole.accounts.models import Team
from opsconsole.boards.shipped import SHIPPED
from opsconsole.measures.registry import measures
from opsconsole.measures.verdicts import Reading

pytestmark = pytest.mark.django_db
SPANS = ("24h", "7d", "30d", "90d", "1y")


@pytest.fixture(autouse=True)
def _at(frozen, team):
    Team.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_it_knows_every_board_that_a_measure_names():
    assert {board for measure in measures for board in measure.boards} <= set(SHIPPED)


def test_it_sends_strangers_to_the_sign_in(client, owner):
    assert client.get("/dashboards/").status_code == 302
    assert client.get("/dashboards/health/").status_code == 302


def test_it_shows_a_figure_on_the_boards_that_it_names(define, keep, signed_in, viewer):
    define("acme.up", lambda period: 99.5, title="Uptime", unit="%", target=99, digits=1, boards=("health",))
    keep("acme.up", [99.0] * 7 + [99.8] * 7)
    page = signed_in(viewer).get("/dashboards/health/").text
    assert "<h1>Every figure is on target.</h1>" in page
    for said in (
        "99.8\u00a0%",
        "+0.8",
        "the 7 days before",
        "at least 99",
        'href="/measures/acme.up/?span=7d"',
    ):
        assert said in page
    assert "Uptime" not in signed_in(viewer).get("/dashboards/support/").text


@pytest.mark.parametrize("slug", SHIPPED)
def test_it_says_what_brings_figures_where_there_is_none(define, signed_in, viewer, slug):
    page = signed_in(viewer).get(f"/dashboards/{slug}/").text
    assert f"<h1>{SHIPPED[slug].lacks}</h1>" in page
    assert SHIPPED[slug].brings in page
    assert 'class="tiles"' not in page


@pytest.mark.parametrize("slug", SHIPPED)
@pytest.mark.parametrize("span", SPANS)
def test_it_shows_the_figures_of_the_console_itself(signed_in, viewer, slug, span):
    assert signed_in(viewer).get(f"/dashboards/{slug}/?span={span}").status_code == 200


def test_it_reads_the_last_24_hours_as_they_are(define, asked, signed_in, viewer, now):
    define("acme.up", asked, boards=("performance",))
    page = signed_in(viewer).get("/dashboards/performance/").text
    assert "the last 24 hours" in page
    assert {period.end for period in asked.periods} == {now, now.replace(day=17)}


def test_it_draws_the_hours_of_a_figure_that_tells_them(define, signed_in, viewer):
    define("acme.up", lambda period: 3.0, boards=("performance",), hourly=lambda period: [1.0] * 23 + [4.0])
    page = signed_in(viewer).get("/dashboards/performance/").text
    assert "Up per hour over the last 24 hours: from 1 (10:00) to 4 (09:00)." in page


@pytest.mark.parametrize(
    "hourly", [lambda period: 1 / 0, lambda period: [1.0], lambda period: [float("nan")] * 24]
)
def test_it_does_without_hours_that_cannot_be_read(define, signed_in, viewer, hourly):
    define("acme.up", lambda period: 3.0, title="Sold", boards=("performance",), hourly=hourly)
    page = signed_in(viewer).get("/dashboards/performance/").text
    assert "Sold" in page
    assert "per hour" not in page


def test_it_never_shows_green_what_cannot_be_read(define, keep, signed_in, viewer):
    define("acme.up", lambda period: 1 / 0, title="Uptime", target=1, boards=("health",))
    keep("acme.up", [None] * 14)
    page = signed_in(viewer).get("/dashboards/health/").text
    assert "It could not be read: division by zero" in page
    assert "tag ok" not in page


def test_it_says_what_is_wrong_with_a_span(define, signed_in, viewer):
    define("acme.up", lambda period: 3.0, boards=("health",))
    answer = signed_in(viewer).get("/dashboards/health/?span=<b>")
    assert answer.status_code == 400
    assert "“&lt;b&gt;” is no span; choose 24h, 7d, 30d, 90d or 1y. Shown is the last 7 days." in answer.text


@pytest.mark.parametrize("span", SPANS)
def test_it_asks_for_a_constant_number_of_queries(
    define, keep, signed_in, viewer, django_assert_max_num_queries, span
):
    for number in range(12):
        define(f"acme.m{number}", lambda period: 1.0, boards=("health",))
        keep(f"acme.m{number}", [1.0] * 60)
    client = signed_in(viewer)
    with django_assert_max_num_queries(12):
        client.get(f"/dashboards/health/?span={span}")


def test_it_lists_the_boards_with_how_yesterday_was(define, keep, signed_in, viewer):
    define("acme.up", lambda period: 3.0, target=2, boards=("health",))
    define("acme.down", lambda period: 3.0, target=2, boards=("health", "executive"))
    keep("acme.up", [3.0])
    keep("acme.down", [1.0])
    page = signed_in(viewer).get("/dashboards/").text
    assert "2 figures · yesterday 1 was off target" in page
    assert "No figure of support is defined yet." in page


def test_it_calls_no_board_fine_of_which_nothing_is_known(define, keep, signed_in, viewer):
    define("acme.up", lambda period: Reading(None), target=2, boards=("health",))
    assert "1 figure · no day is kept yet" in signed_in(viewer).get("/dashboards/").text
    keep("acme.up", [None])
    assert "tag ok" not in signed_in(viewer).get("/dashboards/").text


def test_its_list_begins_with_how_yesterday_was(define, keep, signed_in, viewer):
    define("acme.up", lambda period: 99.5, target=99, boards=("health",))
    client = signed_in(viewer)
    assert (
        "<h1>No day is kept yet: each board shows what is known by now.</h1>"
        in client.get("/dashboards/").text
    )
    keep("acme.up", [99.8])
    assert "<h1>Yesterday no figure was off target.</h1>" in client.get("/dashboards/").text
    define("acme.down", lambda period: 1, target=99, boards=("support",))
    keep("acme.down", [1.0])
    assert "<h1>Yesterday 1 of 7 boards had figures off target.</h1>" in client.get("/dashboards/").text
