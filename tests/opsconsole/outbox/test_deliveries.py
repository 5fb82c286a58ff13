"""What people and the clock do with deliveries."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Attempt, Channel, Delivery, Topic
from opsconsole.outbox.selectors import TEST
from opsconsole.outbox.services import outcomes
from opsconsole.outbox.services.channels import channel_update
from opsconsole.outbox.services.deliveries import (
    deliveries_end,
    deliveries_prune,
    delivery_cancel,
    delivery_retry,
    message_broadcast,
)
from opsconsole.outbox.services.outcomes import Outcome, delivery_confirm
from tests.opsconsole import make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GONE = Outcome(False, "The receiver answered 410.", 5, permanent=True)
DOWN = Outcome(False, "The receiver answered 500.", 5)


def confirm(delivery, outcome, now):
    lease = now + timedelta(minutes=2)
    Delivery.objects.filter(pk=delivery.pk).update(leased_until=lease)
    delivery.leased_until = lease
    delivery_confirm(delivery=delivery, outcome=outcome, now=now)
    delivery.refresh_from_db()


def broadcast(event, now, topic=Topic.INCIDENTS):
    return message_broadcast(
        event=event, topic=topic, message_for=lambda c: Message(f"for {c}", "text"), now=now
    )


def test_it_sends_a_message_to_every_open_channel_of_its_topic(now):
    told = make.webhook(topics=["incidents"])
    make.webhook(topics=["reports"])
    make.webhook(is_enabled=False)
    make.webhook(removed_at=now)
    assert [d.channel for d in broadcast("incident.opened:1", now)] == [told]


def test_it_queues_a_message_once_however_often_its_cause_runs(now):
    make.webhook()
    assert broadcast("incident.opened:1", now) == broadcast("incident.opened:1", now)
    assert Delivery.objects.count() == 1


def test_it_gives_two_addresses_one_each(now):
    make.delivery(event="report:1", recipient="a@example.com")
    make.delivery(event="report:1", recipient="b@example.com")
    make.delivery(event="report:1", recipient="a@example.com")
    assert Delivery.objects.count() == 2


def test_it_keeps_what_is_queued_unreadable_in_the_database(now):
    make.delivery(make.webhook())
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM outbox_delivery")
        assert "answers 502" not in cursor.fetchone()[0]


def test_it_closes_a_channel_with_a_permanent_error_and_tells_the_others(now):
    gone, other = make.webhook(name="Old hook"), make.mailbox()
    make.webhook(topics=["reports"])
    delivery = make.delivery(gone)
    confirm(delivery, GONE, now)
    gone.refresh_from_db()
    assert (delivery.status, gone.is_enabled, gone.disabled_reason) == ("failed", False, GONE.detail)
    assert "is_enabled" in LogEntry.objects.get_for_object(gone).first().changes
    told = Delivery.objects.exclude(pk=delivery.pk).get()
    assert (told.channel, told.subject, told.topic) == (other, "Channel closed: Old hook", "console")
    assert GONE.detail in told.content["text"]
    assert told.about == f"/settings/deliveries/{delivery.pk}/"


def test_it_closes_one_channel_after_the_other_and_says_so_while_one_is_left(now):
    channels = [make.webhook(name=name) for name in ("A", "B", "C")]
    confirm(make.delivery(channels[0]), GONE, now)
    confirm(Delivery.objects.get(channel=channels[1], status="waiting"), GONE, now)
    subjects = Delivery.objects.filter(channel=channels[2]).values_list("subject", flat=True)
    assert sorted(subjects) == ["Channel closed: A", "Channel closed: B"]


def test_it_tells_each_time_that_it_closes_a_channel_though_twice_on_one_day(now):
    gone, other = make.webhook(topics=["incidents"]), make.mailbox()
    for _ in range(2):
        Channel.objects.filter(pk=gone.pk).update(is_enabled=True)
        confirm(make.delivery(gone), GONE, now)
    assert Delivery.objects.filter(channel=other).count() == 2


def test_it_tells_of_no_message_that_told_of_another(now):
    make.webhook()
    told = make.delivery(make.mailbox(), event="outbox.undelivered:1", topic=Topic.CONSOLE)
    told.attempts = 79
    confirm(told, DOWN, now)
    assert (told.status, Delivery.objects.count()) == ("failed", 1)


def test_it_tells_of_a_refused_address_through_the_channels(now):
    make.webhook()
    confirm(make.delivery(recipient="nobody@example.com"), GONE, now)
    told = Delivery.objects.get(channel__isnull=False)
    assert told.subject == "Not delivered: a message to nobody@example.com"
    assert "refuses nobody@example.com" in told.content["text"]


def test_it_tells_once_a_day_what_was_given_up(now):
    make.webhook(), (failing := make.mailbox())
    for _ in range(3):
        delivery = make.delivery(failing, topic=Topic.REPORTS)
        delivery.attempts = 79
        confirm(delivery, DOWN, now)
        assert delivery.status == "failed"
    subjects = Delivery.objects.filter(channel__kind="webhook").values_list("subject", flat=True)
    assert list(subjects) == [f"Not delivered: a message to {failing.name}"]


def test_it_closes_a_channel_with_a_failed_test_without_a_word_to_others(now):
    channel, _ = make.webhook(), make.mailbox()
    confirm(make.delivery(channel, event=f"{TEST}{channel.pk}:1"), GONE, now)
    assert not Channel.objects.get(pk=channel.pk).is_enabled
    assert Delivery.objects.count() == 1


def test_it_dates_a_channel_from_its_first_success_or_failure(now):
    channel = make.webhook()
    for hours, outcome in enumerate([Outcome(True, "ok"), Outcome(True, "ok"), DOWN, DOWN]):
        confirm(make.delivery(channel), outcome, now + hours * HOUR)
        channel.refresh_from_db()
        expected = ("works", now, "") if outcome.ok else ("failing", now + 2 * HOUR, DOWN.detail)
        assert (channel.health, channel.health_since, channel.last_error) == expected


@pytest.mark.parametrize("outcome", [GONE, DOWN])
def test_it_holds_nothing_against_settings_that_came_after_an_attempt(now, manager, outcome):
    delivery = make.delivery(channel := make.webhook(name="Chat"))
    given = {"name": "Chat", "topics": channel.topics, "config": {"url": "https://example.com/right"}}
    channel_update(actor=manager, channel=channel, **given)
    confirm(delivery, outcome, now)
    channel.refresh_from_db()
    assert (channel.is_enabled, channel.health, channel.last_error) == (True, "untried", "")
    assert (delivery.status, delivery.last_error) == ("waiting", outcome.detail)


def test_it_notes_an_attempt_with_all_that_follows_from_it_or_not_at_all(now, monkeypatch):
    def killed(**_):
        raise KeyboardInterrupt

    gone, _ = make.webhook(), make.mailbox()
    delivery = make.delivery(gone)
    monkeypatch.setattr(outcomes, "message_broadcast", killed)
    with pytest.raises(KeyboardInterrupt):
        confirm(delivery, GONE, now)
    delivery.refresh_from_db()
    gone.refresh_from_db()
    assert (delivery.status, delivery.tries.count(), gone.is_enabled) == ("waiting", 0, True)


def test_it_changes_nothing_but_the_record_without_the_lease(now):
    delivery = make.delivery(make.webhook())
    delivery.leased_until = now
    Delivery.objects.filter(pk=delivery.pk).update(leased_until=now + HOUR)
    delivery_confirm(delivery=delivery, outcome=Outcome(True, "ok"), now=now)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.tries.count()) == ("waiting", 0, 1)


@pytest.mark.parametrize("status", ["failed", "cancelled", "waiting"])
def test_it_tries_again_what_did_not_arrive(now, responder, status):
    delivery = make.delivery(make.webhook(), expires_at=now)
    Delivery.objects.update(status=status, attempts=10, due_at=now + DAY)
    delivery_retry(actor=responder, delivery=delivery, now=now)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.due_at, delivery.expires_at) == ("waiting", now, None)
    assert delivery.attempts == (10 if status == "waiting" else 0)


def test_it_does_not_send_again_what_arrived(now, responder):
    delivery = make.delivery(make.webhook())
    Delivery.objects.update(status="sent")
    with pytest.raises(ValidationError, match="has been delivered"):
        delivery_retry(actor=responder, delivery=delivery, now=now)


@pytest.mark.parametrize("fields", [{"is_enabled": False}, {"removed_at": True}])
def test_it_tries_nothing_through_a_closed_channel(now, responder, fields):
    channel = make.webhook(name="Hook", **{k: now if v is True else v for k, v in fields.items()})
    with pytest.raises(ValidationError, match="Hook is closed"):
        delivery_retry(actor=responder, delivery=make.delivery(channel), now=now)


def test_it_cancels_what_waits(now, responder):
    delivery = make.delivery(make.webhook())
    delivery_cancel(actor=responder, delivery=delivery, now=now)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.last_error) == ("cancelled", "Cancelled by Rafi.")


def test_it_leaves_cancelled_what_was_given_up_while_its_sender_stood_still(now, responder):
    delivery = make.delivery(make.webhook())
    delivery_cancel(actor=responder, delivery=delivery, now=now)
    confirm(delivery, DOWN, now)
    assert delivery.status == "cancelled"


@pytest.mark.parametrize("change", [{"status": "sent"}, {"leased_until": True}])
def test_it_does_not_cancel_what_is_on_its_way(now, responder, change):
    delivery = make.delivery(make.webhook())
    Delivery.objects.update(**{k: now + HOUR / 2 if v is True else v for k, v in change.items()})
    with pytest.raises(ValidationError, match="cannot be cancelled"):
        delivery_cancel(actor=responder, delivery=delivery, now=now)


@pytest.mark.parametrize("act", [delivery_retry, delivery_cancel])
def test_it_lets_a_viewer_change_nothing(now, viewer, act):
    with pytest.raises(PermissionDenied):
        act(actor=viewer, delivery=make.delivery(make.webhook()), now=now)


def test_it_keeps_the_messages_of_a_removed_channel_while_it_can_be_undone(now):
    delivery = make.delivery(make.webhook(is_enabled=False, removed_at=now))
    assert deliveries_end(now=now + timedelta(minutes=9)) == 0
    assert deliveries_end(now=now + timedelta(minutes=10)) == 1
    delivery.refresh_from_db()
    assert (delivery.status, delivery.last_error) == ("cancelled", "Its channel was removed.")


def test_it_keeps_the_messages_of_a_closed_channel_for_three_days(now):
    delivery = make.delivery(make.webhook(is_enabled=False))
    Delivery.objects.update(created_at=now)
    assert deliveries_end(now=now + 74 * HOUR) == 0
    assert deliveries_end(now=now + 75 * HOUR) == 1
    delivery.refresh_from_db()
    assert delivery.status == "failed"


def test_it_forgets_what_ended_90_days_ago(now):
    for status, age in (("sent", 91), ("failed", 91), ("waiting", 91), ("sent", 89)):
        delivery = make.delivery(make.webhook())
        Attempt.objects.create(delivery=delivery, at=now, ok=True)
        Delivery.objects.filter(pk=delivery.pk).update(status=status, created_at=now - age * DAY)
    assert deliveries_prune(now=now) == 2
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["sent", "waiting"]
    assert Attempt.objects.count() == 2
