"""Boards on a wall: without the rail, one screen after the other, no more on one than can be read."""

import re

import pytest

from opsconsole.boards.order import Placed
from opsconsole.boards.screens import pace, screens
from opsconsole.boards.shipped import SHIPPED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "team")]


@pytest.fixture
def client(define, signed_in, viewer):
    define("acme.up", lambda period: 1.0, title="Uptime", target=1, boards=("health", "executive"))
    return signed_in(viewer)


def polled(page):
    return re.findall(r'id="board" hx-get="([^"]+)"', page)[0].replace("&amp;", "&")


def test_it_shows_a_board_without_the_rail_and_dark(client):
    page = client.get("/dashboards/health/?wall=1").text
    assert 'class="wall night"' in page
    assert 'class="rail"' not in page
    assert "Every figure is on target." in page
    assert 'class="wall"' in client.get("/dashboards/health/?wall=1&look=light").text


def test_it_reads_one_board_again_and_again(client):
    assert polled(client.get("/dashboards/health/?wall=1").text) == "/dashboards/health/?wall=1&screen=0"


def test_it_goes_round_the_boards_that_are_asked_for(client):
    page = client.get("/dashboards/wall/?board=executive&board=support&every=10").text
    assert "Executive · the last 30 days · 1 of 2" in page
    assert 'hx-trigger="every 10s' in page
    page = client.get(polled(page)).text
    assert SHIPPED["support"].lacks in page
    assert "Executive · the last 30 days · 1 of 2" in client.get(polled(page)).text


def test_it_shows_all_boards_that_have_figures_unless_asked(client):
    assert "Health · the last 7 days · 1 of 2" in client.get("/dashboards/wall/").text


def test_it_sends_the_screen_alone_where_it_is_polled(client):
    headers = {"HX-Request": "true", "HX-Target": "board"}
    answer = client.get("/dashboards/health/?wall=1", headers=headers)
    assert answer.text.startswith('<div class="screen columns-1" id="board"')
    stamp = re.findall(r'"If-None-Match": "\\"(\w+)', answer.text)[0]
    again = client.get("/dashboards/health/?wall=1", headers=headers | {"If-None-Match": f'"{stamp}"'})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "query", ["screen=x", "screen=99999999999999999999", "screen=-1", "every=1", "every=x", "span=9y"]
)
def test_it_bears_odd_addresses(client, query):
    page = client.get(f"/dashboards/wall/?{query}")
    assert page.status_code == 200
    assert ('role="alert"' in page.text) == (not query.startswith("screen"))


def test_it_knows_no_board_that_nobody_shares(client):
    assert client.get("/dashboards/wall/?board=gone").status_code == 404


@pytest.mark.parametrize(("wide", "parts"), [(0, [12, 12, 12, 4]), (40, [6] * 6 + [4])])
def test_it_puts_no_more_on_a_screen_than_can_be_read(wide, parts):
    tiles = [Placed(f"m{n}", wide=n < wide) for n in range(40)]
    assert [len(each.tiles) for each in screens([(SHIPPED["health"], tiles)])] == parts


@pytest.mark.parametrize("every", ["5", "60", ""])
def test_it_takes_paces_at_which_figures_stay_fresh(every):
    assert 5 <= pace({"every": every}) <= 60


@pytest.mark.parametrize("every", ["4", "61", "-9", "²", "9" * 5000])
def test_it_takes_no_other_pace(every):
    with pytest.raises(ValueError, match="is no pace; choose 5 to 60 seconds"):
        pace({"every": every})
