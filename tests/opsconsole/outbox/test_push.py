"""Web push: encrypted for one browser, signed by the console, allowed and forgotten by its person."""

import base64
import json

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from py_vapid import Vapid02

from opsconsole.outbox.models import Channel, PushKey
from opsconsole.outbox.services.pushing import MOST, push_key
from opsconsole.outbox.tasks import deliveries_send
from opsconsole.outbox.transports import posting
from opsconsole.outbox.transports.base import TransportError, transports
from opsconsole.outbox.transports.push import PushForm, new_key, public_key, spelt
from tests.opsconsole import make
from tests.opsconsole.make import outgoing
from tests.opsconsole.outbox.providers import ALARM, TEXT
from tests.sinks import WebhookSink

URL = "/settings/devices/"
BROWSER = ec.generate_private_key(ec.SECP256R1())
AUTH = b"0123456789abcdef"
KEYS = {
    "p256dh": spelt(BROWSER.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
    "auth": spelt(AUTH),
}
GIVEN = {"endpoint": "https://push.example.com/send/abcdef", "device": "Firefox", **KEYS}
pytestmark = pytest.mark.usefixtures("loopback")


def config(url):
    return {**GIVEN, "endpoint": url, "vapid": new_key()}


def post(*answers, **fields):
    with WebhookSink(*answers) as sink:
        transports["push"].send(outgoing(config(sink.url), **fields))
    return sink.received[0]


def refused(*answers):
    with pytest.raises(TransportError) as caught:
        post(*answers)
    return caught.value


def opened(hook):
    return json.loads(http_ece.decrypt(hook.body, private_key=BROWSER, auth_secret=AUTH, version="aes128gcm"))


def test_it_is_readable_for_the_browser_alone():
    got = post(201, text=TEXT, data=ALARM)
    assert b"API is down" not in got.body
    told = opened(got)
    assert (told["title"], told["body"], told["tag"]) == ("API is down", "It answers 502.", "INC-007")
    assert (told["acknowledge"], told["grave"]) == ("https://ops.example.com/a/LINK", True)
    assert (got.headers["content-encoding"], got.headers["urgency"]) == ("aes128gcm", "high")


def test_it_is_signed_for_this_push_service():
    got = post(201)
    scheme, _, rest = got.headers["authorization"].partition(" ")
    assert scheme == "vapid"
    assert Vapid02.verify(rest.partition("t=")[0] + got.headers["authorization"])


def test_it_keeps_within_what_a_push_service_takes():
    assert len(post(201, subject="ä" * 250, text="€" * 9000).body) <= 4096


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [(404, True), (410, True), (400, False), (403, False), (413, False), (429, False), (500, False)],
)
def test_it_knows_when_the_browser_wants_no_more(answer, permanent):
    assert refused(answer).permanent is permanent


def test_it_waits_as_long_as_it_is_asked_to():
    assert refused((429, {"Retry-After": "120"})).retry_after == 120


@pytest.mark.parametrize("answer", ["garbage", "reset", "hang"])
def test_it_is_tried_again_after_a_broken_answer(answer, monkeypatch):
    monkeypatch.setattr("opsconsole.outbox.transports.push.IN_ALL", 0.3)
    assert not refused(answer).permanent
    assert posting.IN_ALL > 1


def test_it_refuses_a_private_address_for_good(settings):
    settings.OPSCONSOLE_ALLOWED_NETWORKS = []
    with WebhookSink() as sink, pytest.raises(TransportError, match="private address") as caught:
        transports["push"].send(outgoing(config(sink.url)))
    assert caught.value.permanent


def test_it_closes_the_channel_of_a_browser_that_is_gone(team, now):
    with WebhookSink(410) as sink:
        channel = make.webhook(kind="push", config=config(sink.url))
        make.delivery(channel)
        deliveries_send(now)
    channel.refresh_from_db()
    assert not channel.is_enabled
    assert "allow notifications there anew" in channel.disabled_reason


def test_it_has_one_key_which_is_kept_encrypted(db):
    key = push_key()
    assert push_key() == key
    assert len(base64.urlsafe_b64decode(public_key(key) + "=")) == 65
    assert key not in str(PushKey.objects.values_list("config", flat=True).query)


def test_it_makes_a_new_key_when_the_old_cannot_be_read(db, settings):
    key = push_key()
    settings.SECRET_KEY = "another"
    assert push_key() != key


@pytest.mark.usefixtures("names")
def test_it_lets_a_responder_allow_this_browser(signed_in, responder):
    client = signed_in(responder)
    text = client.post(URL, GIVEN, follow=True).text
    assert "This browser notifies you from now on" in text
    channel = Channel.objects.get()
    assert (channel.name, channel.user, channel.topics) == ("Rafi, Firefox", responder, ["incidents"])
    assert channel.config["vapid"]
    assert "push.example.com/send" not in text


@pytest.mark.usefixtures("names")
def test_it_keeps_one_channel_for_one_browser(signed_in, responder):
    for endpoint in (
        "https://push.example.com/1",
        "https://push.example.com/1",
        "https://push.example.com/2",
    ):
        signed_in(responder).post(URL, GIVEN | {"endpoint": endpoint})
    assert list(Channel.objects.values_list("name", flat=True)) == ["Rafi, Firefox", "Rafi, Firefox 2"]


@pytest.mark.usefixtures("names")
def test_it_takes_no_more_devices_than_anybody_has(signed_in, responder):
    for number in range(MOST + 1):
        text = (
            signed_in(responder)
            .post(URL, GIVEN | {"endpoint": f"https://push.example.com/{number}"}, follow=True)
            .text
        )
    assert "devices already" in text
    assert Channel.objects.count() == MOST


@pytest.mark.usefixtures("names")
def test_it_forgets_a_device_of_ones_own_and_no_other(signed_in, responder, manager):
    mine = make.webhook(kind="push", config=GIVEN, user=responder)
    others = make.webhook(kind="push", config=GIVEN, user=manager)
    client = signed_in(responder)
    assert "is forgotten" in client.post(f"{URL}{mine.pk}/forget/", follow=True).text
    assert client.post(f"{URL}{others.pk}/forget/").status_code == 403
    assert client.get(f"{URL}{others.pk}/forget/").status_code == 405


def test_it_writes_nothing_when_read(signed_in, responder):
    client = signed_in(responder)
    assert "No device notifies you yet" in client.get(URL).text
    assert client.get(f"{URL}key/").status_code == 405
    assert not PushKey.objects.exists()
    assert len(client.post(f"{URL}key/").json()["key"]) == 87


@pytest.mark.parametrize(
    ("is_enabled", "said"),
    [(True, "One device notifies you"), (False, "None of your devices notifies you now")],
)
def test_it_counts_the_devices_that_work(signed_in, responder, is_enabled, said):
    make.webhook(kind="push", config=GIVEN, user=responder, is_enabled=is_enabled)
    assert said in signed_in(responder).get(URL).text


def test_it_is_for_those_who_work_on_incidents(signed_in, viewer):
    client = signed_in(viewer)
    assert client.get(URL).status_code == client.post(URL, GIVEN).status_code == 403
    assert client.post(f"{URL}key/").status_code == 403
    assert URL not in client.get("/settings/profile/").text


def test_it_is_found_from_profile_and_choice(signed_in, manager):
    client = signed_in(manager)
    assert URL in client.get("/settings/profile/").text
    assert client.get("/settings/channels/new/push/")["Location"] == URL


def test_it_serves_the_worker_at_the_root_to_anybody(team):
    answer = Client().get("/push-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "showNotification" in answer.text


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"endpoint": "http://push.example.com/x"}, "over https only"),
        ({"endpoint": "https://10.0.0.1/x"}, "private address"),
        ({"endpoint": ""}, "required"),
        ({"auth": "ä"}, "gave no keys"),
    ],
)
def test_it_says_what_is_wrong_with_a_subscription(settings, wrong, said):
    settings.OPSCONSOLE_ALLOWED_NETWORKS = []
    assert PushForm(GIVEN).is_valid()
    assert said in str(PushForm(GIVEN | wrong).errors)
