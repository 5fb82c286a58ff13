"""A board that is polled: 304 as long as it would look the same, and never old figures as fresh ones."""

from datetime import UTC, datetime, timedelta

import pytest

from opsconsole.accounts.models import Team
from opsconsole.health.models import Pulse
from opsconsole.lib import clock
from opsconsole.measures.evidence import moment_url
from opsconsole.measures.registry import Fold
from opsconsole.measures.verdicts import Reading

pytestmark = pytest.mark.django_db
AGAIN = {"HX-Request": "true", "HX-Target": "board"}


@pytest.fixture(autouse=True)
def _at(frozen, team):
    Team.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def sold(define):
    """A figure that tests may change, and whose evidence is elsewhere each second."""
    values = {"now": 3.0}

    def read(period):
        url = moment_url("measures:list", "acme.sold", period, clock.now())
        return Reading(values["now"], evidence_url=url)

    define("acme.sold", read, fold=Fold.LAST, target=2, boards=("health",))
    return values


def stamp(page):
    return page.split('"If-None-Match": "\\"')[1].partition("\\")[0]


def again(client, seen):
    return client.get("/dashboards/health/", headers=AGAIN | {"If-None-Match": f'"{seen}"'})


def test_it_sends_nothing_while_nothing_changed(sold, signed_in, viewer, frozen):
    client = signed_in(viewer)
    seen = stamp(client.get("/dashboards/health/").text)
    frozen.shift(timedelta(seconds=30))
    answer = again(client, seen)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["X-Read"] == "18 Nov 09:00:30 CET"


def test_it_sends_the_board_alone_once_something_changed(sold, signed_in, viewer):
    client = signed_in(viewer)
    seen = stamp(client.get("/dashboards/health/").text)
    sold["now"] = 1.0
    answer = again(client, seen)
    assert answer.status_code == 200
    assert answer.text.startswith('<div class="stack" id="board"')
    assert "1 figure is off target: sold." in answer.text
    assert stamp(answer.text) != seen


def test_it_sends_a_whole_page_whatever_the_browser_has(sold, signed_in, viewer):
    client = signed_in(viewer)
    seen = stamp(client.get("/dashboards/health/").text)
    assert client.get("/dashboards/health/", headers={"If-None-Match": f'"{seen}"'}).status_code == 200


def test_it_says_since_when_nothing_is_measured(sold, signed_in, viewer, now):
    client = signed_in(viewer)
    Pulse.objects.create(part="engine", started_at=now, seen_at=now)
    assert "has not been seen" not in client.get("/dashboards/health/").text
    Pulse.objects.update(seen_at=now - timedelta(minutes=20))
    assert "The engine has not been seen since" in client.get("/dashboards/health/").text
