"""Boards of one's own: made, like another one, shared, changed, removed and brought back."""

import re

import pytest

from opsconsole.accounts.roles import Role
from opsconsole.boards.models import Board
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "team")]
FORM = {"name": "My wall", "span": "30d", "figures": ["acme.b", "acme.a"]}


@pytest.fixture(autouse=True)
def three(define):
    for name in ("a", "b", "c"):
        define(f"acme.{name}", lambda period: 1.0, title=f"Figure {name}", boards=("health",))


@pytest.fixture
def wall(signed_in, manager):
    """A shared board of the manager."""
    signed_in(manager).post("/dashboards/new/", FORM | {"is_shared": "on"})
    return Board.objects.get()


def order(page):
    return "".join(re.findall(r'id="tile-acme\.(.)"', page.text))


def test_it_makes_a_board_of_chosen_figures(signed_in, viewer):
    answer = signed_in(viewer).post("/dashboards/new/", FORM, follow=True)
    assert answer.redirect_chain[0][0] == "/dashboards/my-wall/"
    assert "the last 30 days" in answer.text
    assert order(answer) == "ba"
    assert "My wall" in signed_in(viewer).get("/dashboards/").text


def test_it_keeps_a_private_board_to_whom_it_belongs(signed_in, viewer, owner):
    signed_in(viewer).post("/dashboards/new/", FORM)
    assert signed_in(owner).get("/dashboards/my-wall/").status_code == 404
    assert signed_in(owner).get("/dashboards/my-wall/edit/").status_code == 404
    assert "My wall" not in signed_in(owner).get("/dashboards/").text


def test_it_shows_a_shared_board_to_everybody(wall, signed_in, viewer):
    assert order(signed_in(viewer).get("/dashboards/my-wall/")) == "ba"
    assert "shared by Mara" in signed_in(viewer).get("/dashboards/").text
    assert signed_in(viewer).get("/dashboards/my-wall/edit/").status_code == 403


def test_it_shares_nothing_of_whoever_may_only_read(signed_in, viewer):
    assert "keeps boards to themselves" in signed_in(viewer).get("/dashboards/new/").text
    signed_in(viewer).post("/dashboards/new/", FORM | {"is_shared": "on"})
    assert not Board.objects.get().is_shared


def test_it_makes_one_like_another_as_this_person_sees_it(signed_in, viewer):
    client = signed_in(viewer)
    client.post("/dashboards/health/arrange/", {"of": "acme.c", "act": "before", "other": "acme.a"})
    client.post("/dashboards/health/arrange/", {"of": "acme.b", "act": "hide"})
    page = client.get("/dashboards/new/?like=health").text
    assert 'value="Health of Vera"' in page
    assert re.findall(r'value="acme\.(.)"[^>]* checked', page) == ["c", "a"]
    answer = client.post(
        "/dashboards/new/?like=health", FORM | {"figures": ["acme.c", "acme.a"]}, follow=True
    )
    assert order(answer) == "ca"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "“Name” is still empty"),
        ({"figures": []}, "“Figures” is still empty"),
        ({"figures": ["acme.gone"]}, "“Figures” has no such choice"),
        ({"span": "9y"}, "“Opens with” has no such choice"),
    ],
)
def test_it_says_what_is_wrong(signed_in, viewer, change, said):
    assert said in signed_in(viewer).post("/dashboards/new/", FORM | change).text
    assert not Board.objects.exists()


@pytest.mark.parametrize("name", ["Health", "New", "!!!", "My wall"])
def test_it_takes_no_address_that_is_taken(wall, signed_in, manager, name):
    answer = signed_in(manager).post("/dashboards/new/", FORM | {"name": name}, follow=True)
    slug = Board.objects.latest("pk").slug
    assert slug not in ("health", "new", "my-wall")
    assert answer.redirect_chain[0][0] == f"/dashboards/{slug}/"


def test_it_lets_managers_change_what_somebody_shared(wall, signed_in, owner):
    signed_in(owner).post("/dashboards/my-wall/edit/", FORM | {"name": "Wall", "figures": ["acme.c"]})
    wall.refresh_from_db()
    assert (wall.name, wall.slug, wall.figures, wall.is_shared) == ("Wall", "my-wall", ["acme.c"], False)


def test_it_removes_without_asking_and_brings_back(wall, signed_in, manager):
    client = signed_in(manager)
    page = client.post("/dashboards/my-wall/remove/", follow=True)
    assert "My wall is removed." in page.text
    assert client.get("/dashboards/my-wall/").status_code == 404
    client.post("/dashboards/my-wall/restore/")
    assert client.get("/dashboards/my-wall/").status_code == 200


def test_it_lets_nobody_else_remove_or_bring_back(wall, signed_in, manager):
    agent = make.user("Arno", Role.AGENT)
    assert signed_in(agent).post("/dashboards/my-wall/remove/").status_code == 403
    signed_in(manager).post("/dashboards/my-wall/remove/")
    assert signed_in(agent).post("/dashboards/my-wall/restore/").status_code == 404


def test_it_does_without_figures_that_are_defined_no_more(wall, signed_in, manager):
    Board.objects.update(figures=["acme.gone", "acme.a"])
    assert order(signed_in(manager).get("/dashboards/my-wall/")) == "a"
    Board.objects.update(figures=["acme.gone"])
    page = signed_in(manager).get("/dashboards/my-wall/").text
    assert "This board has no figure." in page
    assert "Choose figures" in page


def test_it_shows_a_figure_once_however_often_it_is_chosen(signed_in, viewer):
    answer = signed_in(viewer).post("/dashboards/new/", FORM | {"figures": ["acme.a", "acme.a"]}, follow=True)
    assert order(answer) == "a"


def test_it_escapes_the_name(signed_in, viewer):
    page = signed_in(viewer).post("/dashboards/new/", FORM | {"name": "<b>x"}, follow=True).text
    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page


def test_it_shows_forty_figures_with_as_many_queries(
    define, signed_in, viewer, django_assert_max_num_queries
):
    many = [f"acme.m{n}" for n in range(40)]
    for slug in many:
        define(slug, lambda period: 1.0)
    client = signed_in(viewer)
    client.post("/dashboards/new/", FORM | {"figures": many})
    with django_assert_max_num_queries(13):
        assert client.get("/dashboards/my-wall/?span=1y").text.count('class="tile card"') == 40
