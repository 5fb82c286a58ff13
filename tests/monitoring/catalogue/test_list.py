"""The list says in a sentence how services are, and shows the worst first."""

import re
from datetime import UTC, datetime

import pytest

from monitoring.catalogue.histories import Slice
from monitoring.catalogue.states import Status
from tests.monitoring import make

URL = "/monitoring/services/"


def heading(response):
    found = re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def test_it_sends_strangers_to_sign_in(client, owner):
    assert client.get(URL)["Location"].startswith("/sign-in/")


def test_it_offers_the_first_service_with_its_form(manager, signed_in):
    page = signed_in(manager).get(URL)
    assert "Add the first service" in page.content.decode()
    assert 'action="/monitoring/services/new/"' in page.content.decode()


def test_it_tells_a_viewer_whom_to_ask(viewer, signed_in):
    page = signed_in(viewer).get(URL).content.decode()
    assert "A manager adds the first service" in page
    assert 'name="name"' not in page


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        (["up"], "A is up since 08:00 CET."),
        (["up", "up"], "All 2 services are up."),
        (["up", "degraded"], "1 of 2 services is up; B is degraded since 08:00 CET."),
        (
            ["down", "down", "down", "up", "degraded"],
            "1 of 5 services is up; A, B and 1 more are down; E is degraded since 08:00 CET.",
        ),
        (["unknown"], "A is not measured since 08:00 CET."),
    ],
)
def test_it_says_what_is_true_now(viewer, signed_in, frozen, watched, measured, states, sentence):
    for name, state in zip("ABCDE", states, strict=False):
        watched(make.service(name), Status(state))
    assert heading(signed_in(viewer).get(URL)) == sentence


def test_it_never_calls_a_service_up_that_nothing_watches(viewer, signed_in, watched, measured):
    make.service("API")
    page = signed_in(viewer).get(URL)
    assert heading(page) == "No service is watched yet."
    assert "Not measured" in page.content.decode()


def test_it_shows_the_worst_first_with_the_reason(viewer, signed_in, frozen, watched, measured):
    watched(make.service("API"))
    watched(make.service("Shop"), Status.DOWN, "It answered 502")
    page = signed_in(viewer).get(URL).content.decode()
    assert page.index("Shop front page: it answered 502") < page.index("1 probe, all well")


def test_it_prints_uptime_with_what_was_measured(viewer, signed_in, frozen, watched, measured):
    service = make.service("API")
    watched(service)
    start = datetime(2026, 11, 16, 23, tzinfo=UTC)
    measured.append(Slice(service.pk, start, 86400, 80_000, 0, 800))
    page = signed_in(viewer).get(URL).content.decode()
    assert "99.01 %<small>of 68 % measured" in page
    assert "<title>17 Nov: 99.01 %, down 13 min 20 s, measured 94 %</title>" in page


def test_it_finds_by_name_or_owner(viewer, owner, signed_in, watched, measured):
    make.service("API", owner=owner)
    make.service("Shop")
    client = signed_in(viewer)
    found = client.get(URL, {"q": "olg"}).content.decode()
    assert ("/services/api/" in found, "/services/shop/" in found) == (True, False)
    assert "No service fits" in client.get(URL, {"q": "<b>"}).content.decode()


def test_it_answers_htmx_with_the_rows_alone(viewer, signed_in, watched, measured):
    make.service("API")
    page = signed_in(viewer).get(URL, headers={"HX-Request": "true", "HX-Target": "services"})
    assert page.content.decode().lstrip().startswith('<section class="card" id="services">')


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "٣"])
def test_it_bears_any_page_number(viewer, signed_in, watched, measured, page):
    make.service("API")
    assert signed_in(viewer).get(URL, {"page": page}).status_code == 200


@pytest.mark.parametrize("count", [2, 120])
def test_it_asks_a_constant_number_of_queries(viewer, signed_in, django_assert_max_num_queries, count):
    for n in range(count):
        make.probe(service=make.service(f"Service {n}"))
    client = signed_in(viewer)
    with django_assert_max_num_queries(20):
        client.get(URL)
