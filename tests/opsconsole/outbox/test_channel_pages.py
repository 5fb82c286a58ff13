"""The pages of channels."""

import re
from datetime import timedelta

import pytest

from opsconsole.outbox.forms import CommonForm
from opsconsole.outbox.models import Channel, Delivery
from opsconsole.outbox.services import channels as services
from opsconsole.outbox.tasks import deliveries_send
from opsconsole.outbox.transports.base import transports
from opsconsole.outbox.views import channels as views
from tests.opsconsole import make
from tests.sinks import WebhookSink

pytestmark = pytest.mark.usefixtures("names")
URL = "/settings/channels/"
WEBHOOK = {
    "name": "Team chat",
    "url": "https://example.com/hook",
    "topics": ["incidents", "console"],
    "user": "",
}
MAIL = {"name": "Ops", "address": "ops@example.com", "topics": ["incidents"], "user": ""}


@pytest.fixture
def channel(team):
    return make.webhook(name="Team chat")


def paths(channel):
    return [f"{URL}{channel.pk}/{act}/" for act in ("test", "on", "off", "remove", "restore", "secret/renew")]


def test_it_asks_a_stranger_to_sign_in(client, channel, owner):
    for path in (URL, f"{URL}new/webhook/", f"{URL}{channel.pk}/", f"{URL}{channel.pk}/secret/"):
        assert client.get(path)["Location"].startswith("/sign-in/")
    for path in paths(channel):
        assert client.post(path)["Location"].startswith("/sign-in/")


def test_it_lets_a_viewer_read_and_change_nothing(signed_in, viewer, channel):
    client = signed_in(viewer)
    assert client.get(URL).status_code == client.get(f"{URL}{channel.pk}/").status_code == 200
    for path in paths(channel):
        assert client.post(path).status_code == 403
    for path in (f"{URL}new/webhook/", f"{URL}{channel.pk}/edit/", f"{URL}{channel.pk}/secret/"):
        assert client.get(path).status_code == 403


def test_it_shows_a_viewer_no_buttons_and_no_secrets(signed_in, viewer, channel):
    text = signed_in(viewer).get(f"{URL}{channel.pk}/").text
    assert "Send a test" not in text
    assert "whsec" not in text
    assert "/hook" not in text


@pytest.mark.parametrize("kind", list(transports), ids=lambda kind: kind.kind)
def test_it_asks_for_what_all_channels_have(kind):
    assert not set(CommonForm.base_fields) & set(kind.form.base_fields)


def test_it_keeps_whose_key_of_pushover_it_is(signed_in, manager):
    given = {
        "token": "a" * 30,
        "receiver": "b" * 30,
        "name": "Phone",
        "topics": ["incidents"],
        "user": manager.pk,
    }
    signed_in(manager).post(f"{URL}new/pushover/", given)
    channel = Channel.objects.get()
    assert (channel.config["receiver"], channel.user) == ("b" * 30, manager)


@pytest.mark.parametrize("act", ["test", "on", "off", "remove", "restore", "secret/renew"])
def test_it_changes_nothing_when_read(signed_in, manager, channel, act):
    assert signed_in(manager).get(f"{URL}{channel.pk}/{act}/").status_code == 405


def test_it_says_on_the_empty_page_what_to_do_next(signed_in, manager):
    text = signed_in(manager).get(URL).text
    assert "There is no channel yet" in text
    assert f'href="{URL}new/email/"' in text
    assert f'href="{URL}new/webhook/"' in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"health": "works"}, "The channel works"),
        ({"health": "failing", "last_error": "503"}, "The only channel does not work"),
        ({}, "No channel has been tried yet"),
        ({"is_enabled": False, "disabled_reason": "410 Gone"}, "410 Gone"),
    ],
)
def test_it_says_first_whether_they_work(signed_in, viewer, fields, said):
    make.webhook(**fields)
    assert said in signed_in(viewer).get(URL).text


def test_it_says_when_mail_is_not_set_up(signed_in, viewer, settings):
    settings.EMAIL_URL = ""
    assert "set EMAIL_URL" not in signed_in(viewer).get(URL).text
    make.mailbox()
    assert "set EMAIL_URL" in signed_in(viewer).get(URL).text


def test_it_says_since_when_mail_is_down(signed_in, viewer, settings, now, frozen):
    settings.EMAIL_URL = ""
    make.delivery(make.mailbox())
    deliveries_send(now)
    text = " ".join(re.sub(r"<[^>]+>", "", signed_in(viewer).get(URL).text).split())
    assert "Mail has not got through since 09:00 CET." in text
    assert "1 message waits and is not lost; next attempt: 09:00 CET." in text


@pytest.mark.parametrize(("kind", "given"), [("webhook", WEBHOOK), ("email", MAIL)])
def test_it_adds_a_channel(signed_in, manager, kind, given):
    answer = signed_in(manager).post(f"{URL}new/{kind}/", given, follow=True)
    channel = Channel.objects.get()
    assert (channel.kind, channel.name, channel.topics) == (kind, given["name"], given["topics"])
    assert "has not been tried yet" in answer.text


def test_it_gives_a_new_webhook_a_secret(signed_in, manager):
    signed_in(manager).post(f"{URL}new/webhook/", WEBHOOK)
    assert Channel.objects.get().config["secret"].startswith("whsec_")


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("webhook", {"url": "http://10.0.0.5/hook"}, "private address"),
        ("webhook", {"url": "file:///etc/passwd"}, "Write a whole address"),
        ("webhook", {"topics": []}, "Choose at least one"),
        ("webhook", {"name": "Taken"}, "of this name already"),
        ("webhook", {"name": "x" * 81}, "may have 80 characters"),
        ("webhook", {"user": "999"}, "has no such choice"),
        ("email", {"address": "nobody"}, "Write one mail address"),
        ("email", {"address": "a@example.com\r\nBcc: b@example.com"}, "Write one mail address"),
    ],
)
def test_it_answers_a_wrong_entry_on_its_field(signed_in, manager, kind, wrong, said):
    make.webhook(name="Taken")
    answer = signed_in(manager).post(f"{URL}new/{kind}/", (WEBHOOK if kind == "webhook" else MAIL) | wrong)
    assert answer.status_code == 200
    assert said in answer.text
    assert 'class="errors"' in answer.text
    assert Channel.objects.count() == 1


def test_it_does_not_find_an_unknown_kind(signed_in, manager, team):
    assert signed_in(manager).get(f"{URL}new/pigeon/").status_code == 404
    pigeon = make.webhook(kind="pigeon")
    assert signed_in(manager).get(f"{URL}{pigeon.pk}/edit/").status_code == 404
    assert signed_in(manager).get(f"{URL}{pigeon.pk}/").status_code == 200


def test_it_edits_a_channel_which_keeps_its_secret(signed_in, manager, channel):
    client = signed_in(manager)
    assert "https://example.com/hook" in client.get(f"{URL}{channel.pk}/edit/").text
    client.post(f"{URL}{channel.pk}/edit/", WEBHOOK | {"url": "https://example.com/new"})
    assert Channel.objects.get().config == {"url": "https://example.com/new", "secret": make.SECRET}


def test_it_brings_no_secret_back_that_was_replaced_while_it_was_edited(
    signed_in, manager, channel, now, monkeypatch
):
    def slow(form, act):
        services.channel_secret_renew(actor=manager, channel=channel, now=now)
        return act()

    monkeypatch.setattr(views, "taken", slow)
    signed_in(manager).post(f"{URL}{channel.pk}/edit/", WEBHOOK | {"url": "https://example.com/new"})
    config = Channel.objects.get().config
    assert (config["url"], config["old_secret"]) == ("https://example.com/new", make.SECRET)
    assert config["secret"] != make.SECRET


def test_it_takes_lost_settings_anew(signed_in, manager, channel, settings):
    settings.SECRET_KEY = "another"
    client = signed_in(manager)
    assert "cannot be read" in client.get(f"{URL}{channel.pk}/edit/").text
    assert client.get(f"{URL}{channel.pk}/secret/").status_code == 404
    assert "cannot be read" in client.get(f"{URL}{channel.pk}/").text
    assert "no secret here" in client.post(f"{URL}{channel.pk}/secret/renew/", follow=True).text
    client.post(f"{URL}{channel.pk}/edit/", WEBHOOK)
    assert Channel.objects.get().config["url"] == "https://example.com/hook"


@pytest.mark.usefixtures("loopback")
def test_it_shows_the_progress_of_a_test_until_it_has_ended(signed_in, responder, now, frozen):
    with WebhookSink() as hook:
        channel = make.webhook(hook.url)
        client = signed_in(responder)
        first = client.post(
            f"{URL}{channel.pk}/test/", headers={"HX-Request": "true", "HX-Target": "progress"}
        )
        assert "On its way" in first.text
        progress = f"/settings/deliveries/{Delivery.objects.get().pk}/progress/"
        assert f'hx-get="{progress}"' in first.text
        deliveries_send(now)
        last = client.get(progress)
    assert "answered 200" in last.text
    assert "hx-get" not in last.text


@pytest.mark.usefixtures("loopback")
def test_it_says_what_the_other_side_answered_to_a_failed_test(signed_in, responder, now, frozen):
    with WebhookSink((500, {}, "no such room")) as hook:
        channel = make.webhook(hook.url)
        client = signed_in(responder)
        assert client.post(f"{URL}{channel.pk}/test/")["Location"] == f"{URL}{channel.pk}/"
        deliveries_send(now)
        text = client.get(f"{URL}{channel.pk}/").text
    assert "no such room" in text
    assert "Trying again" in text


def test_it_shows_the_secret_to_managers_who_ask(signed_in, manager, channel):
    client = signed_in(manager)
    assert make.SECRET not in client.get(f"{URL}{channel.pk}/").text
    answer = client.get(f"{URL}{channel.pk}/secret/")
    assert make.SECRET in answer.text
    assert "no-store" in answer["Cache-Control"]
    partial = client.get(f"{URL}{channel.pk}/secret/", headers={"HX-Request": "true", "HX-Target": "secret"})
    assert partial.text.startswith('<div id="secret">')


def test_it_has_no_secret_of_a_mailbox_to_show(signed_in, manager):
    mailbox = make.mailbox()
    assert signed_in(manager).get(f"{URL}{mailbox.pk}/secret/").status_code == 404
    assert "Signature" not in signed_in(manager).get(f"{URL}{mailbox.pk}/").text


def test_it_replaces_the_secret(signed_in, manager, channel, frozen):
    text = signed_in(manager).post(f"{URL}{channel.pk}/secret/renew/", follow=True).text
    assert "The former secret signs as well until" in text
    assert Channel.objects.get().config["old_secret"] == make.SECRET
    frozen.shift(timedelta(hours=25))
    assert "The former secret" not in signed_in(manager).get(f"{URL}{channel.pk}/").text


def test_it_switches_a_channel_off_and_on(signed_in, manager, channel):
    client = signed_in(manager)
    assert "is switched off" in client.post(f"{URL}{channel.pk}/off/", follow=True).text
    assert "is open again" in client.post(f"{URL}{channel.pk}/on/", follow=True).text


def test_it_says_why_a_channel_is_closed_and_opens_it(signed_in, manager):
    channel = make.webhook(is_enabled=False, disabled_reason="The receiver answered 410.")
    text = signed_in(manager).get(f"{URL}{channel.pk}/").text
    assert "The receiver answered 410." in text
    assert "Open it again" in text


def test_it_undoes_a_removal_from_the_list(signed_in, manager, channel):
    client = signed_in(manager)
    text = client.post(f"{URL}{channel.pk}/remove/", follow=True).text
    assert "Team chat is removed" in text
    assert f'action="{URL}{channel.pk}/restore/"' in text
    assert "is back" in client.post(f"{URL}{channel.pk}/restore/", follow=True).text


def test_it_does_not_undo_a_removal_when_the_name_is_taken(signed_in, manager, channel):
    client = signed_in(manager)
    client.post(f"{URL}{channel.pk}/remove/")
    make.webhook(name="Team chat")
    assert "rename that one first" in client.post(f"{URL}{channel.pk}/restore/", follow=True).text


@pytest.mark.parametrize("removed", ["x", "0", "99999999", "²"])
def test_it_answers_an_address_with_nonsense(signed_in, viewer, removed):
    assert signed_in(viewer).get(URL, {"removed": removed}).status_code == 200


def test_it_makes_no_markup_of_names(signed_in, manager):
    channel = make.webhook(name="<script>alert(1)</script>", health="failing", last_error="<b>x</b>")
    for path in (URL, f"{URL}{channel.pk}/"):
        text = signed_in(manager).get(path).text
        assert "<script>alert" not in text
        assert "<b>x</b>" not in text


@pytest.mark.parametrize("count", [2, 20])
def test_it_asks_a_constant_number_of_queries_however_long_the_list(
    signed_in, manager, count, django_assert_max_num_queries
):
    for _ in range(count):
        make.delivery(make.webhook(health="failing"))
        make.delivery(make.mailbox(user=manager))
    client = signed_in(manager)
    with django_assert_max_num_queries(20):
        client.get(URL)
