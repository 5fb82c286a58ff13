"""/a/<token>: the page behind the link of a message."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from incidents.response import services
from incidents.response.models import Incident, Page
from incidents.response.states import Status
from incidents.response.timeline import plain
from opsconsole.outbox.models import Channel, Delivery
from tests.incidents import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(team, mail, checkout, frozen):
    return make.incident(service=checkout, description="answered 502")


@pytest.fixture
def url(incident):
    link = Delivery.objects.earliest("pk").content["data"]["acknowledge_url"]
    return re.sub(r"^https?://[^/]+", "", link)


def html(client, url):
    return client.get(url).content.decode()


def press(client, url, act="acknowledge", **data):
    return client.post(url, {"act": act} | data, follow=True)


def test_it_needs_no_sign_in(client, url):
    page = html(client, url)
    assert "Checkout is down" in page
    assert "answered 502" in page


@pytest.mark.parametrize("method", ["get", "head"])
def test_it_never_acknowledges_when_looked_at(client, url, method):
    for _ in range(3):
        getattr(client, method)(url)
    assert Incident.objects.get().status == Status.OPEN
    assert Page.objects.get().acknowledged_at is None


def test_it_acknowledges_by_one_tap(client, url, now):
    assert "Acknowledge</button>" not in press(client, url).content.decode()
    assert Incident.objects.get().status == Status.ACKNOWLEDGED
    assert Page.objects.get().acknowledged_at == now


def test_it_works_where_cookies_are_refused(url):
    assert Client(enforce_csrf_checks=True).post(url).status_code == 302
    assert Incident.objects.get().status == Status.ACKNOWLEDGED


def test_it_works_without_script(client, url):
    assert "<script" not in html(client, url)


def test_it_weighs_little(client, url, responder, incident, now):
    for number in range(60):
        services.incident_note(actor=responder, incident=incident, text=f"Tried number {number}", now=now)
    css = Path(str(finders.find("ui/console.css"))).stat().st_size
    assert len(client.get(url).content) + css < 50_000


def test_it_signs_with_the_channel_that_belongs_to_nobody(client, url, incident):
    press(client, url)
    assert plain(incident.timeline.get(kind="acknowledged")) == "Somebody at Ops mail acknowledged"


def test_it_signs_with_the_person_the_channel_reaches(client, url, incident, responder):
    Page.objects.update(user=responder)
    press(client, url)
    assert Incident.objects.get().acknowledged_by == responder


def test_it_signs_with_whoever_is_signed_in(signed_in, url, manager, responder):
    Page.objects.update(user=responder)
    press(signed_in(manager), url)
    assert Incident.objects.get().acknowledged_by == manager


def test_it_tells_the_second_who_was_first(client, url, incident, responder, now):
    services.incident_acknowledge(actor=responder, incident=incident, now=now)
    assert "Rafi acknowledged at 09:00 CET." in html(client, url)
    assert "Already acknowledged by Rafi at 09:00 CET." in press(client, url).content.decode()


def test_it_lets_no_viewer_act(client, url, viewer):
    Page.objects.update(user=viewer)
    assert "Your role may look, but not act." in html(client, url)
    assert press(client, url).status_code == 403


def test_it_notes(client, url, incident):
    press(client, url, "note", text="Rolled back")
    assert incident.timeline.get(kind="note").body == "Rolled back"


def test_it_says_what_a_note_wants(client, url):
    answer = press(client, url, "note", text=" ")
    assert answer.status_code == 422
    assert "Write what you saw or tried." in answer.content.decode()


def test_it_resolves(client, url):
    page = press(client, url, "resolve").content.decode()
    assert Incident.objects.get().status == Status.RESOLVED
    assert "Resolve</button>" not in page


def test_it_escalates(client, url):
    press(client, url, "escalate", severity=0)
    assert Incident.objects.get().severity == 0
    assert "Escalate" not in html(client, url)


def test_it_escalates_once_when_pressed_twice(client, url):
    Incident.objects.update(severity=2)
    assert '<input type="hidden" name="severity" value="1">' in html(client, url)
    press(client, url, "escalate", severity=1)
    assert "is P1 already" in press(client, url, "escalate", severity=1).content.decode()
    assert Incident.objects.get().severity == 1


def test_it_lowers_nothing_from_an_old_page(client, url):
    Incident.objects.update(severity=0)
    press(client, url, "escalate", severity=1)
    assert Incident.objects.get().severity == 0


def test_it_refuses_other_acts(client, url):
    assert press(client, url, "explode").status_code == 400


def test_it_asks_to_resolve_once_everything_is_up(client, url, incident, responder, now):
    services.incident_acknowledge(actor=responder, incident=incident, now=now)
    services.incident_mitigate(actor=responder, incident=incident, now=now + timedelta(minutes=20))
    assert "Everything is up again since 09:20 CET. Resolve?" in html(client, url)


def test_it_says_what_became_of_each_page(client, url):
    make.channel("Hook", kind="webhook")
    Delivery.objects.update(status="failed", last_error="550 no such mailbox")
    assert "not delivered: 550 no such mailbox" in html(client, url)


def test_it_follows_a_merge(client, url, incident, responder, now):
    other = make.incident("Payments are down")
    services.incident_merge(actor=responder, incident=incident, into=other, now=now)
    assert "Payments are down" in html(client, url)
    press(client, url)
    other.refresh_from_db()
    assert other.status == Status.ACKNOWLEDGED


@pytest.mark.parametrize("token", ["x", "a" * 32, "ü"])
def test_it_knows_no_other_token(client, incident, token):
    assert client.get(f"/a/{token}").status_code == 404
    assert client.post(f"/a/{token}").status_code == 404


def test_it_expires_a_week_after_the_end(client, url, incident, responder, now, frozen):
    services.incident_resolve(actor=responder, incident=incident, now=now)
    frozen.move_to(now + timedelta(days=7))
    assert client.get(url).status_code == 200
    frozen.move_to(now + timedelta(days=7, seconds=1))
    assert client.get(url).status_code == 410
    assert client.post(url, {"act": "reopen"}).status_code == 410


def test_it_dies_with_its_channel(client, url, now):
    Channel.objects.update(removed_at=now)
    assert client.get(url).status_code == 404


def test_it_dies_with_its_person(client, url, responder):
    responder.is_active = False
    responder.save()
    Page.objects.update(user=responder)
    assert client.get(url).status_code == 404


def test_it_keeps_its_address_to_itself(client, url):
    answer = client.get(url)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]


def test_it_stores_no_token(url):
    assert Page.objects.get().digest not in url


@pytest.mark.parametrize("count", [0, 100])
def test_it_asks_the_database_a_fixed_number_of_times(
    client, url, incident, responder, now, django_assert_max_num_queries, count
):
    for number in range(count):
        services.incident_note(actor=responder, incident=incident, text=f"Note {number}", now=now)
    with django_assert_max_num_queries(14):
        html(client, url)
