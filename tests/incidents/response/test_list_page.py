"""/incidents/: what is open, what was before, and narrowing it."""

from datetime import timedelta

import pytest

from incidents.response.models import Incident
from incidents.response.services import incident_acknowledge, incident_resolve
from opsconsole.ui.templatetags.ui import glued
from tests.conftest import NOW
from tests.incidents import make

pytestmark = pytest.mark.django_db
URL = "/incidents/"


@pytest.fixture
def page(signed_in, responder, frozen):
    return lambda query="": signed_in(responder).get(URL + query)


def over(responder, title="Docs are down", now=NOW, **fields):
    incident = make.incident(title, now=now, **fields)
    incident_resolve(actor=responder, incident=incident, now=now + timedelta(minutes=7))
    return incident


def test_it_asks_strangers_to_sign_in(client, team, owner):
    assert client.get(URL).status_code == 302


def test_it_shows_viewers_no_button(signed_in, viewer):
    assert b"Open an incident" not in signed_in(viewer).get(URL).content


def test_it_says_that_nothing_is_open(page):
    html = page().content.decode()
    assert "Nothing is open, and nothing ever was." in html
    assert "opens by itself" in html


def test_it_says_what_is_open_and_that_nobody_has_it(page):
    make.incident()
    assert (
        "One incident is open: Checkout is down, and nobody has acknowledged yet." in page().content.decode()
    )


def test_it_says_who_has_it(page, responder, now):
    incident_acknowledge(actor=responder, incident=make.incident(), now=now)
    assert "Checkout is down, and Rafi has it." in page().content.decode()


@pytest.mark.parametrize(
    ("acknowledged", "said"),
    [
        (0, "3 incidents are open; nobody has acknowledged any of them."),
        (1, "3 incidents are open; 2 of them wait for somebody to acknowledge."),
        (2, "3 incidents are open; one of them waits for somebody to acknowledge."),
        (3, "3 incidents are open; somebody has each of them."),
    ],
)
def test_it_says_how_many_wait_for_somebody(page, responder, now, acknowledged, said):
    for number in range(3):
        incident = make.incident()
        if number < acknowledged:
            incident_acknowledge(actor=responder, incident=incident, now=now)
    assert said in page().text


def test_it_says_that_more_are_open_than_it_shows(page):
    like = Incident.objects.values().get(number=make.incident().number) | {"id": None}
    Incident.objects.bulk_create(Incident(**(like | {"number": n})) for n in range(2, 60))
    shown = page().text
    assert "More than 50 incidents are open." in shown
    assert "These are the 50 worst." in shown
    assert ("INC-050" in shown, "INC-051" in shown) == (True, False)
    assert "59 open" in shown, "the rail counts them all"


def test_it_says_when_the_last_one_was(page, responder, now):
    over(responder, now=now - timedelta(days=3))
    assert glued("The last one was INC-001, 2 days 23 h ago.") in page().content.decode()


@pytest.mark.parametrize("query", ["?severity=0", "?after=1"])
def test_it_says_the_same_of_now_whatever_the_list_shows(page, responder, now, query):
    over(responder, now=now - timedelta(days=3))
    assert glued("The last one was INC-001, 2 days 23 h ago.") in page(query).text


def test_it_shows_the_nearest_clock(page):
    make.incident(severity=0)
    assert "Acknowledge within 5 min" in page().content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?severity=1", ["INC-002"]),
        ("?service=checkout", ["INC-002"]),
        ("?from=2026-11-17&to=2026-11-17", ["INC-001"]),
        ("?from=2026-11-18", ["INC-003", "INC-002"]),
        ("?to=2026-11-17", ["INC-001"]),
    ],
)
def test_it_narrows(page, responder, checkout, now, query, found):
    over(responder, severity=2, now=now - timedelta(days=1))
    over(responder, service=checkout)
    make.incident("Open one", severity=3)
    assert [str(row["incident"]) for row in page(query).context["rows"]] == found


def test_it_counts_days_in_the_teams_zone(page, responder, now):
    responder.time_zone = "America/New_York"
    responder.save()
    over(responder, now=now.replace(day=17, hour=23, minute=30))  # half past midnight in Vienna
    assert len(page("?from=2026-11-18&to=2026-11-18").context["rows"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        "?from=yesterday",
        "?from=0001-01-01",
        "?to=9999-12-31",
        "?severity=9",
        "?service=none",
        "?from=2026-11-18&to=2026-11-01",
        "?at=soon",
        "?of=incidents.opened",
        "?of=sales&at=2026-11-18",
    ],
)
def test_it_says_what_is_wrong_with_a_filter(page, query):
    answer = page(query)
    assert answer.status_code == 200
    assert b"notice bad" in answer.content


def test_it_gives_htmx_the_rows_alone(signed_in, responder):
    answer = signed_in(responder).get(URL, headers={"HX-Request": "true", "HX-Target": "history"})
    assert answer.content.decode().lstrip().startswith('<section class="card" id="history">')


@pytest.mark.parametrize("count", [1, 60])
def test_it_asks_the_database_a_fixed_number_of_times(
    signed_in, responder, checkout, django_assert_max_num_queries, count
):
    for number in range(count):
        make.incident(f"Live {number}", service=checkout)
        over(responder, f"Old {number}", service=checkout)
    client = signed_in(responder)
    with django_assert_max_num_queries(13):
        assert client.get(URL).status_code == 200
