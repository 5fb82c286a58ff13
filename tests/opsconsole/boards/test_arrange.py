"""Each person arranges a board for themselves, with and without scripts; a reset can be undone."""

import re

import pytest

from opsconsole.boards.models import Arrangement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "team")]
SCRIPT = {"HX-Request": "true", "HX-Target": "board"}


@pytest.fixture(autouse=True)
def three(define):
    for name in ("a", "b", "c"):
        define(f"acme.{name}", lambda period: 1.0, title=f"Figure {name}", boards=("health",))


@pytest.fixture
def client(signed_in, viewer):
    return signed_in(viewer)


def act(client, of, act, **more):
    return client.post("/dashboards/health/arrange/?arrange=1", {"of": f"acme.{of}", "act": act, **more})


def order(client, query=""):
    return "".join(re.findall(r'id="tile-acme\.(.)"', client.get(f"/dashboards/health/{query}").text))


def test_it_moves_tiles_for_this_person_alone(client, manager, signed_in):
    assert order(client) == "abc"
    answer = act(client, "c", "earlier")
    assert (answer.status_code, answer.url) == (302, "/dashboards/health/?arrange=1")
    assert order(client) == "acb"
    assert order(signed_in(manager)) == "abc"


def test_it_puts_a_tile_before_another(client):
    act(client, "c", "before", other="acme.a")
    assert order(client) == "cab"


def test_it_hides_a_tile_and_says_so(client):
    act(client, "b", "hide")
    page = client.get("/dashboards/health/").text
    assert "1 figure you have hidden" in page
    assert order(client) == "ac"
    act(client, "b", "show")
    assert order(client) == "acb"


def test_it_says_that_everything_is_hidden(client):
    for name in "abc":
        act(client, name, "hide")
    assert "<h1>Every figure of this board is hidden.</h1>" in client.get("/dashboards/health/").text


def test_it_answers_a_script_with_the_board_and_where_the_tile_is(client):
    answer = client.post(
        "/dashboards/health/arrange/?arrange=1", {"of": "acme.c", "act": "earlier"}, headers=SCRIPT
    )
    assert answer.text.startswith('<div class="stack" id="board" data-said="Figure c is 2 of 3."')
    assert "hx-trigger" not in answer.text


def test_it_makes_a_tile_wide_and_normal_again(client):
    act(client, "a", "wide")
    assert 'class="tile card wide" id="tile-acme.a"' in client.get("/dashboards/health/").text
    act(client, "a", "normal")
    assert "tile card wide" not in client.get("/dashboards/health/").text


@pytest.mark.parametrize(("of", "how"), [("gone", "earlier"), ("a", "explode"), ("a", "")])
def test_it_refuses_what_makes_no_sense_with_a_sentence(client, of, how):
    answer = act(client, of, how)
    assert 'class="notice bad"' in client.get(answer.url).text
    assert not Arrangement.objects.exclude(tiles=[]).exists()


def test_it_goes_back_to_the_shipped_order_and_can_undo_that(client):
    act(client, "c", "before", other="acme.a")
    answer = client.post("/dashboards/health/reset/?arrange=1", follow=True)
    assert "The board has its own order again." in answer.text
    assert "/dashboards/health/undo/" in answer.text
    assert order(client) == "abc"
    client.post("/dashboards/health/undo/?arrange=1")
    assert order(client) == "cab"


def test_it_undoes_no_reset_once_the_board_was_arranged_anew(client):
    act(client, "c", "before", other="acme.a")
    client.post("/dashboards/health/reset/")
    act(client, "b", "earlier")
    client.post("/dashboards/health/undo/")
    assert order(client) == "bac"


def test_it_keeps_the_span_while_arranging(client):
    answer = client.post("/dashboards/health/arrange/?arrange=1&span=1y", {"of": "acme.c", "act": "earlier"})
    assert answer.url == "/dashboards/health/?arrange=1&span=1y"


@pytest.mark.parametrize("verb", ["arrange", "reset", "undo"])
def test_it_changes_nothing_by_a_get(client, verb):
    assert client.get(f"/dashboards/health/{verb}/").status_code == 405


def test_it_shows_the_key_that_arranges_and_the_one_that_ends_it(client):
    assert "Arrange <kbd>a</kbd>" in client.get("/dashboards/health/").text
    assert "Done <kbd>a</kbd>" in client.get("/dashboards/health/?arrange=1").text
    assert 'title="Keys: g, then m"' in client.get("/dashboards/").text
