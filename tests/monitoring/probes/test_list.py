"""The list of probes: a sentence, the worst first, narrowed and paged, in a constant number of queries."""

import re
from datetime import timedelta

import pytest

from monitoring.catalogue.states import Status
from monitoring.probes.models import Bucket, Size
from monitoring.probes.pages.lists import trends
from tests.monitoring import make

URL = "/monitoring/probes/"


def names(response):
    return re.findall(r'<a href="/monitoring/probes/\d+/">(.*?)</a>', response.content.decode())


def test_it_sends_strangers_to_sign_in(client, owner):
    assert client.get(URL)["Location"].startswith("/sign-in/")


def test_it_says_the_next_step_where_there_is_none(manager, viewer, signed_in):
    assert "Add the first probe" in signed_in(manager).get(URL).content.decode()
    assert "Add the first probe" not in signed_in(viewer).get(URL).content.decode()


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        (["up"], "The one probe is up."),
        (["up", "up", "paused"], "All 2 probes are up."),
        (["paused"], "All probes are paused."),
        (["down", "up"], "1 of 2 probes is up; 1 is down."),
        (["down", "down", "degraded", "up", "up"], "2 of 5 probes are up; 2 are down, 1 degraded."),
        (["unknown"], "0 of 1 probes are up; 1 is not measured."),
    ],
)
def test_it_says_how_probes_are(viewer, signed_in, states, sentence):
    for n, status in enumerate(states):
        make.probe(f"Page {n}", status=status)
    assert f"<h1>{sentence}</h1>" in signed_in(viewer).get(URL).content.decode()


def test_it_shows_the_worst_first_then_by_name(viewer, signed_in):
    make.probe("B", status=Status.UP)
    make.probe("A", status=Status.UP)
    make.probe("Z", status=Status.DOWN, last_error="It answered 502.")
    page = signed_in(viewer).get(URL)
    assert names(page) == ["Z", "A", "B"]
    assert "It answered 502." in page.content.decode()


def test_it_narrows_by_state_service_and_text(viewer, signed_in):
    make.probe("Cart", service=make.service("Shop"), status=Status.DOWN)
    make.probe("Login", "https://id.example.com/", service=make.service("Accounts"))
    client = signed_in(viewer)
    assert names(client.get(URL, {"status": "down"})) == ["Cart"]
    assert names(client.get(URL, {"service": "accounts"})) == ["Login"]
    assert names(client.get(URL, {"q": "id.example"})) == ["Login"]
    assert names(client.get(URL, {"q": "shop"})) == ["Cart"]


@pytest.mark.parametrize("given", [{"status": "x"}, {"service": "x"}, {"after": "x"}, {"after": "9.9.9"}])
def test_it_bears_any_filter(viewer, signed_in, given):
    make.probe()
    assert signed_in(viewer).get(URL, given).status_code == 200


@pytest.mark.parametrize("given", [{"status": "x"}, {"service": "gone"}])
def test_it_finds_nothing_for_a_state_or_service_that_is_not_there(viewer, signed_in, given):
    make.probe()
    assert names(signed_in(viewer).get(URL, given)) == []


def test_it_says_when_nothing_fits(viewer, signed_in):
    make.probe()
    assert "No probe fits" in signed_in(viewer).get(URL, {"q": "nothing"}).content.decode()


def test_it_shows_each_probe_once_over_its_pages(viewer, signed_in):
    for n in range(120):
        make.probe(f"Page {n:03}", status=Status.DOWN if n % 3 else Status.UP)
    client = signed_in(viewer)
    first = client.get(URL)
    second = client.get(URL, {"after": first.context["list"].next})
    assert (len(names(first)), len(names(second))) == (100, 20)
    assert len({*names(first), *names(second)}) == 120


def test_it_draws_the_latency_of_the_last_day(viewer, signed_in, frozen, now):
    probe = make.probe()
    for back in (1, 2, 3):
        start = int((now - timedelta(hours=back)).timestamp())
        Bucket.objects.create(probe_id=probe.pk, size=Size.HOUR, start=start, runs=120, latency=120 * back)
    assert '<svg class="spark"' in signed_in(viewer).get(URL).content.decode()


def test_it_draws_no_latency_where_failing_is_wanted(db, now):
    probe = make.probe()
    start = int((now - timedelta(hours=1)).timestamp())
    Bucket.objects.create(probe_id=probe.pk, size=Size.HOUR, start=start, runs=120, latency=0)
    assert trends([probe.pk], now)[probe.pk][-1] is None


def test_it_takes_no_run_that_failed_through_our_own_fault_for_a_fast_answer(db, now):
    probe = make.probe()
    for back, fields in ((1, {"latency": 6_000, "histogram": "53:60"}), (2, {})):
        start = int((now - timedelta(hours=back)).timestamp())
        Bucket.objects.create(
            probe_id=probe.pk, size=Size.HOUR, start=start, runs=120, unknown=1_800_000, **fields
        )
    assert trends([probe.pk], now)[probe.pk][-2:] == [None, 100]


@pytest.mark.parametrize("status", [Status.UP, Status.UNKNOWN])
def test_it_shows_what_waits_to_be_confirmed(viewer, signed_in, frozen, now, status):
    told = {"last_outcome": Status.DOWN, "streak": 1, "last_error": "It answered 503.", "last_at": now}
    make.probe(status=status, next_at=now, **told)
    page = signed_in(viewer).get(URL).text
    assert "Pending: 1 of 2 results in a row say it is down: it answered 503. It asks again in 10 s." in page
    assert page.count("nswered 503") == 1


def test_it_answers_htmx_with_the_rows_alone(viewer, signed_in):
    make.probe()
    page = signed_in(viewer).get(URL, headers={"HX-Request": "true", "HX-Target": "probes"})
    assert page.content.decode().lstrip().startswith('<section class="card" id="probes">')


@pytest.mark.parametrize("count", [5, 200])
def test_it_asks_a_constant_number_of_queries(viewer, signed_in, django_assert_max_num_queries, count):
    for n in range(count):
        make.probe(f"Page {n}", service=make.service(f"Service {n}"))
    client = signed_in(viewer)
    with django_assert_max_num_queries(20):
        client.get(URL)
