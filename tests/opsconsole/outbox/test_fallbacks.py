"""When one channel does not take a message, another gets it, and both pages say so."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from opsconsole.outbox import acts
from opsconsole.outbox.acts import Done
from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Channel, Delivery, Topic
from opsconsole.outbox.services import channels as services
from opsconsole.outbox.services.deliveries import message_broadcast
from opsconsole.outbox.tasks import deliveries_send
from tests.opsconsole import make
from tests.sinks import WebhookSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]
HOUR = timedelta(hours=1)


def pair(first, second, **fields):
    """A channel, and the one that gets what it does not take; that one hears of nothing by itself."""
    other = make.webhook(second.url, name="Second", topics=[])
    return make.webhook(first.url, name="First", fallback=other, **fields), other


def broadcast(now, event="incident.opened:7"):
    message = Message("API is down", "It answers 502.\n", "", {"number": 7})
    return message_broadcast(event=event, topic=Topic.INCIDENTS, message_for=lambda _: message, now=now)


def tries(now, count):
    for n in range(count):
        deliveries_send(now + n * HOUR)


@pytest.mark.parametrize(("after", "attempts", "got"), [(3, 2, 0), (3, 3, 1), (1, 1, 1)])
def test_it_hands_a_message_over_after_so_many_attempts(now, after, attempts, got):
    with WebhookSink(*[500] * 9) as first, WebhookSink() as second:
        pair(first, second, fallback_after=after)
        broadcast(now)
        tries(now, attempts)
        deliveries_send(now + (attempts - 1) * HOUR + timedelta(seconds=3))
    assert len(second.received) == got


def test_it_says_what_went_through_which_and_why(now):
    with WebhookSink(*[500] * 9) as first, WebhookSink() as second:
        _, other = pair(first, second, fallback_after=1)
        (delivery,) = broadcast(now)
        deliveries_send(now)
    stand_in = delivery.stand_ins.get()
    assert (stand_in.channel, stand_in.content["text"]) == (other, "It answers 502.\n")
    assert stand_in.because == "First has not taken it in 1 attempt: The receiver answered 500."


def test_it_hands_it_over_once(now):
    with WebhookSink(*[500] * 9) as first, WebhookSink() as second:
        pair(first, second, fallback_after=1)
        broadcast(now)
        tries(now, 5)
    assert len(second.received) == 1


def test_it_tries_the_first_still(now):
    with WebhookSink(500, 200) as first, WebhookSink() as second:
        pair(first, second, fallback_after=1)
        broadcast(now)
        tries(now, 2)
    assert set(Delivery.objects.values_list("status", flat=True)) == {"sent"}


def test_it_hands_over_at_once_what_waits_for_a_channel_that_closes(now):
    with WebhookSink(*[410] * 9) as first, WebhookSink() as second:
        channel, _ = pair(first, second)
        for n in range(6):
            broadcast(now, f"incident.opened:{n}")
        deliveries_send(now)
        deliveries_send(now)
    channel.refresh_from_db()
    assert not channel.is_enabled
    told = [got.json()["data"]["subject"] for got in second.received]
    assert told.count("API is down") == 6


def test_it_goes_straight_through_the_other_while_one_is_closed(now):
    with WebhookSink() as first, WebhookSink() as second:
        pair(first, second, is_enabled=False, disabled_reason="answered 410.")
        (delivery,) = broadcast(now)
        deliveries_send(now)
    assert (len(first.received), len(second.received)) == (0, 1)
    assert delivery.because == "First is closed: answered 410."


def test_it_respects_that_somebody_switched_a_channel_off(now):
    with WebhookSink() as first, WebhookSink() as second:
        pair(first, second, is_enabled=False)
        assert broadcast(now) == []


def test_it_tells_nobody_twice(now):
    other = make.webhook(name="Second")
    for name in ("A", "B"):
        make.webhook(name=name, fallback=other, is_enabled=False, disabled_reason="gone")
    (delivery,) = broadcast(now)
    assert (delivery.channel, delivery.because) == (other, "")


def test_it_passes_over_what_is_closed_too(now):
    last = make.webhook(name="Last", topics=[])
    middle = make.webhook(name="Middle", topics=[], fallback=last, is_enabled=False, disabled_reason="gone")
    make.webhook(name="First", fallback=middle, is_enabled=False, disabled_reason="gone")
    assert [delivery.channel for delivery in broadcast(now)] == [last]


def test_it_ends_where_two_lead_to_each_other(now):
    one, two = make.webhook(name="One"), make.webhook(name="Two", topics=[])
    Channel.objects.filter(pk=one.pk).update(fallback=two, is_enabled=False, disabled_reason="gone")
    Channel.objects.filter(pk=two.pk).update(fallback=one, is_enabled=False, disabled_reason="gone")
    assert broadcast(now) == []


def test_it_hands_no_test_over(now):
    with WebhookSink(*[500] * 3) as first, WebhookSink() as second:
        channel, _ = pair(first, second, fallback_after=1)
        make.delivery(channel, event=f"channel.test:{channel.pk}:x")
        deliveries_send(now)
    assert Delivery.objects.count() == 1


def test_it_acknowledges_from_the_message_that_stands_in(now, monkeypatch):
    original = make.delivery(make.webhook())
    stand_in = make.delivery(make.webhook())
    stand_in.instead_of = original

    def responder(verb, delivery, *, name, now):
        return Done(True, "Fine.") if delivery == original else None

    monkeypatch.setattr(acts.responders, "_entries", {"test": responder})
    assert acts.respond("acknowledge", stand_in, now=now).sentence == "Fine."


def test_it_refuses_a_circle(manager):
    one = make.webhook(name="One")
    two = make.webhook(name="Two", fallback=one)
    with pytest.raises(ValidationError, match="in a circle: One → Two → One"):
        services.channel_update(
            actor=manager, channel=one, name="One", config={}, topics=["incidents"], fallback=two
        )


def test_it_offers_the_other_channels_on_the_form(signed_in, manager):
    one, two = make.webhook(name="One"), make.webhook(name="Two")
    text = signed_in(manager).get(f"/settings/channels/{one.pk}/edit/").text
    assert f'<option value="{two.pk}">Two</option>' in text
    assert ">One</option>" not in text


@pytest.mark.usefixtures("names")
def test_it_is_chosen_on_the_form_and_shown(signed_in, manager):
    one, two = make.webhook(name="One"), make.webhook(name="Two")
    given = {"name": "One", "url": "https://example.com/hook", "topics": ["incidents"], "user": ""}
    client = signed_in(manager)
    client.post(f"/settings/channels/{one.pk}/edit/", given | {"fallback": two.pk, "fallback_after": "2"})
    one.refresh_from_db()
    assert (one.fallback, one.fallback_after) == (two, 2)
    assert "after 2 attempts" in client.get(f"/settings/channels/{one.pk}/").text
    wrong = client.post(f"/settings/channels/{two.pk}/edit/", given | {"name": "Two", "fallback": one.pk})
    assert "in a circle" in wrong.text


def test_it_shows_both_messages_each_other(signed_in, viewer, now):
    with WebhookSink(500) as first, WebhookSink() as second:
        pair(first, second, fallback_after=1)
        (delivery,) = broadcast(now)
        deliveries_send(now)
    stand_in, client = delivery.stand_ins.get(), signed_in(viewer)
    assert "through Second" in client.get(f"/settings/deliveries/{delivery.pk}/").text
    assert "because First has not taken it" in client.get(f"/settings/deliveries/{stand_in.pk}/").text
    assert "stands in: First has not taken it" in client.get("/settings/deliveries/").text
