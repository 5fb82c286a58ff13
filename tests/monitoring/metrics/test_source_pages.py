"""The pages of sources: every kind has a form that can be tried, and saves nothing but what was tried and taken."""

import pytest

from monitoring.metrics.models import Source
from monitoring.metrics.sources import kinds
from monitoring.metrics.standing import sources_sentence
from tests.monitoring.metrics.servers import Api

pytestmark = pytest.mark.django_db
URL = "/monitoring/metrics/sources/"


@pytest.fixture
def here(signed_in, manager, frozen, loopback):
    return signed_in(manager)


def form(url, **more):
    return {"name": "Orders", "interval": "1 min", "url": url, "path": "$.n", **more}


@pytest.mark.parametrize("kind", [kind.name for kind in kinds])
def test_every_kind_has_a_form(here, kind):
    shown = here.get(f"{URL}new/{kind}/")
    assert shown.status_code == 200
    assert "Try it" in shown.text
    assert here.post(f"{URL}new/{kind}/", {}).status_code == 200


def test_a_trial_shows_the_value_and_saves_nothing(here):
    with Api({"/": {"n": 4.5}}) as api:
        shown = here.post(
            f"{URL}new/json/", form(api.url, unit="€", **{"try": "1"}), headers={"HX-Request": "true"}
        )
    assert "<b>4.50 €</b>" in shown.text
    assert "<form" not in shown.text
    assert not Source.objects.exists()


def test_a_trial_shows_the_exact_error(here):
    with Api({"/": (403, "no entry")}) as api:
        shown = here.post(f"{URL}new/json/", form(api.url, **{"try": "1"}))
    assert "127.0.0.1 answered 403 Forbidden: “no entry”." in shown.text


@pytest.mark.parametrize("url", ["nonsense", "http://[::1", "http://shop:99999/"])
def test_a_trial_of_a_form_that_is_wrong_says_what(here, url):
    shown = here.post(f"{URL}new/json/", form(url, **{"try": "1"}))
    assert "It cannot be tried yet" in shown.text
    assert "Write the whole address" in shown.text


def test_it_saves_edits_pauses_and_removes(here):
    assert here.post(f"{URL}new/json/", form("http://127.0.0.1:1/", authorization="s3cret")).url == URL
    source = Source.objects.get()
    page = here.get(f"{URL}{source.pk}/").text
    assert "s3cret" not in page
    assert "Kept as it is when left empty." in page
    assert here.post(f"{URL}{source.pk}/", form("http://127.0.0.1:2/")).url == URL
    here.post(f"{URL}{source.pk}/pause/", {"pause": "1"})
    source.refresh_from_db()
    assert (source.config["url"], source.is_paused) == ("http://127.0.0.1:2/", True)
    assert "Paused" in here.get(URL).text
    here.post(f"{URL}{source.pk}/remove/")
    assert not Source.objects.exists()


def test_two_sources_cannot_feed_one_metric(here):
    here.post(f"{URL}new/json/", form("http://127.0.0.1:1/"))
    assert "feeds orders already" in here.post(f"{URL}new/json/", form("http://127.0.0.1:1/")).text


def test_a_metric_that_a_program_pushes_is_not_taken_over(here, push):
    push("orders 3")
    assert "orders is fed already" in here.post(f"{URL}new/json/", form("http://127.0.0.1:1/")).text


def test_only_managers_see_sources(signed_in, responder):
    assert signed_in(responder).get(URL).status_code == 403
    assert signed_in(responder).get(f"{URL}new/json/").status_code == 403


def test_what_is_not_there_is_not_found(here):
    assert here.get(f"{URL}new/telepathy/").status_code == 404
    assert here.get(f"{URL}99/").status_code == 404


def test_its_heading_says_read_of_what_is_read_alone(now):
    resting, read = Source(is_paused=True, last_error="no"), Source()
    assert sources_sentence([resting]) == "Every source is paused"
    assert sources_sentence([resting, read]) == "1 source is read; 1 paused"
    assert sources_sentence([Source(last_error="no"), read]) == "1 source cannot be read"
