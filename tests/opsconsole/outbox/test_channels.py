"""What people do with channels."""

from datetime import timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError

from opsconsole.outbox.models import Channel
from opsconsole.outbox.services import channels as services
from opsconsole.outbox.tasks import deliveries_send
from opsconsole.outbox.transports.base import transports
from tests.opsconsole import make
from tests.sinks import WebhookSink

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {"name": "Ops", "config": {"address": "ops@example.com"}, "topics": ["incidents"]}


def update(actor, channel, **fields):
    given: dict[str, Any] = {
        "name": channel.name,
        "config": channel.config,
        "topics": channel.topics,
        "user": None,
    }
    return services.channel_update(actor=actor, channel=channel, **given | fields)


def test_it_lets_a_manager_add_a_channel(manager):
    channel = services.channel_create(actor=manager, kind="email", user=manager, **GIVEN)
    channel.refresh_from_db()
    assert (channel.config, channel.user, channel.is_enabled) == (
        {"address": "ops@example.com"},
        manager,
        True,
    )


def test_it_gives_a_webhook_a_secret_of_its_own_and_keeps_it(manager):
    given = GIVEN | {"config": {"url": "https://example.com/hook"}}
    channel = services.channel_create(actor=manager, kind="webhook", **given)
    secret = channel.config["secret"]
    assert secret.startswith("whsec_")
    assert update(manager, channel, config={"url": "https://example.com/new"}).config["secret"] == secret


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("pigeon", {}, "no kind of channel named “pigeon”"),
        ("webhook", {}, "missing: url"),
        ("email", {"topics": ["weather"]}, "no topic named weather"),
        ("email", {"name": " "}, "Give the channel a name"),
    ],
)
def test_it_refuses_what_could_never_be_sent(manager, kind, given, said):
    with pytest.raises(ValidationError, match=said):
        services.channel_create(actor=manager, kind=kind, **GIVEN | given)


def test_it_gives_two_channels_two_names(manager):
    services.channel_create(actor=manager, kind="email", **GIVEN)
    with pytest.raises(ValidationError, match="of this name already"):
        services.channel_create(actor=manager, kind="email", **GIVEN)
    other = make.webhook(name="Other")
    with pytest.raises(ValidationError, match="of this name already"):
        update(manager, other, name="Ops")


def test_it_frees_the_name_of_a_removed_channel(manager, now):
    first = services.channel_create(actor=manager, kind="email", **GIVEN)
    services.channel_remove(actor=manager, channel=first, now=now)
    services.channel_create(actor=manager, kind="email", **GIVEN)
    with pytest.raises(ValidationError, match="of this name already"):
        services.channel_restore(actor=manager, channel=first)


def test_it_opens_with_new_settings_what_an_error_had_closed(manager):
    channel = make.webhook(is_enabled=False, disabled_reason="410")
    assert not update(manager, channel, name="Renamed").is_enabled
    assert update(manager, channel, config={"url": "https://example.com/new"}).is_enabled


@pytest.mark.parametrize(
    ("fields", "health"),
    [
        ({"config": {"url": "https://example.com/new"}}, ("untried", None, "")),
        ({"name": "Renamed", "topics": ["reports"]}, ("failing", True, "503")),
    ],
)
def test_it_is_green_or_red_only_with_the_settings_that_were_tried(manager, now, fields, health):
    channel = make.webhook(health="failing", health_since=now, last_error="503")
    row = update(manager, channel, **fields)
    assert (row.health, row.health_since and True, row.last_error) == health


def test_it_leaves_off_with_new_settings_what_a_person_switched_off(manager):
    channel = make.webhook(is_enabled=False)
    assert not update(manager, channel, config={"url": "https://example.com/new"}).is_enabled


def test_it_switches_a_channel_off_and_on(manager):
    channel = make.webhook(disabled_reason="410")
    services.channel_disable(actor=manager, channel=channel)
    assert not Channel.objects.open().exists()
    services.channel_enable(actor=manager, channel=channel)
    assert Channel.objects.open().get().disabled_reason == ""


def test_it_undoes_a_removal(manager, now):
    channel = make.webhook()
    services.channel_remove(actor=manager, channel=channel, now=now)
    assert not Channel.objects.exists()
    services.channel_restore(actor=manager, channel=channel)
    assert Channel.objects.get() == channel


def test_it_leaves_the_former_secret_valid_for_a_day(manager, now):
    channel = make.webhook()
    services.channel_secret_renew(actor=manager, channel=channel, now=now)
    config = Channel.objects.get().config
    assert config["secret"] != make.SECRET
    assert config["old_secret"] == make.SECRET
    assert transports["webhook"].former_until(config) == now + timedelta(hours=24)


@pytest.mark.usefixtures("loopback")
def test_it_sends_a_real_message_as_a_test(responder, now):
    with WebhookSink() as hook:
        channel = make.webhook(hook.url, name="Team chat")
        delivery = services.channel_test(actor=responder, channel=channel, now=now)
        deliveries_send(now)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.expires_at) == ("sent", now + timedelta(hours=1))
    body = hook.received[0].json()
    assert (body["type"], body["data"]["subject"]) == ("channel.test", "Test: Team chat works")


def test_it_makes_every_test_a_new_one(responder, now):
    channel = make.webhook()
    first = services.channel_test(actor=responder, channel=channel, now=now)
    assert services.channel_test(actor=responder, channel=channel, now=now) != first


@pytest.mark.parametrize(
    "act",
    [
        lambda a, c, n: services.channel_create(actor=a, kind="email", **GIVEN),
        lambda a, c, n: update(a, c),
        lambda a, c, n: services.channel_enable(actor=a, channel=c),
        lambda a, c, n: services.channel_disable(actor=a, channel=c),
        lambda a, c, n: services.channel_remove(actor=a, channel=c, now=n),
        lambda a, c, n: services.channel_restore(actor=a, channel=c),
        lambda a, c, n: services.channel_secret_renew(actor=a, channel=c, now=n),
    ],
)
def test_it_lets_a_responder_change_no_channel(responder, now, act):
    with pytest.raises(PermissionDenied, match="needs the role manager"):
        act(responder, make.webhook(), now)


def test_it_lets_a_viewer_send_no_test(viewer, now):
    with pytest.raises(PermissionDenied):
        services.channel_test(actor=viewer, channel=make.webhook(), now=now)


def test_it_says_in_the_audit_trail_that_settings_changed_not_to_what(manager):
    channel = make.webhook()
    update(manager, channel, config={"url": "https://example.com/other", "secret": "whsec_new"})
    entries = " ".join(str(entry.changes) for entry in LogEntry.objects.get_for_model(Channel))
    assert "config" in entries
    assert "example.com" not in entries
    assert "whsec" not in entries


def test_it_wakes_the_sender_with_an_opened_channel(manager, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(services, "nudge", asked.append)
    services.channel_enable(actor=manager, channel=make.webhook(is_enabled=False))
    assert asked == ["outbox.deliveries_send"]
