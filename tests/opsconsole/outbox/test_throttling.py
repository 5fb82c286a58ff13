"""Nobody's phone rings more often than a limit says; what is over it goes out as one message when it may."""

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.outbox import acts
from opsconsole.outbox.acts import Done
from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Delivery
from opsconsole.outbox.services.throttling import delivery_let_through
from opsconsole.outbox.states import opens_at
from opsconsole.outbox.tasks import deliveries_send
from opsconsole.outbox.transports.base import limits
from opsconsole.outbox.transports.sms import SmsTransport
from opsconsole.outbox.transports.voice import VoiceTransport
from tests.conftest import NOW
from tests.opsconsole import make
from tests.opsconsole.outbox.providers import TAKEN, config_of, pointed
from tests.sinks import WebhookSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def twilio():
    """A Twilio that takes everything; `twilio.calls()` are the bodies."""
    with WebhookSink(*[TAKEN["sms"]] * 60) as sink, pointed("sms", sink), pointed("voice", sink):
        yield sink


def phone(kind="voice", **fields):
    return make.webhook(kind=kind, config=config_of(kind, "http://x"), **fields)


def tell(channel, count, first=1):
    return [
        make.delivery(
            channel,
            message=Message(f"P1 Thing {n} is down", "", data={"number": n, "status": "open"}),
            event=f"incident.opened:{n}",
        )
        for n in range(first, first + count)
    ]


def states():
    return [row.status for row in Delivery.objects.order_by("pk")]


def last_body(sink):
    return {name: values[0] for name, values in parse_qs(sink.received[-1].body.decode()).items()}


def test_it_calls_three_times_and_holds_the_rest_back(twilio, now):
    tell(phone(), 5)
    deliveries_send(now)
    assert states() == ["sent"] * 3 + ["waiting"] * 2
    held = Delivery.objects.filter(status="waiting")
    assert all(row.is_throttled and row.attempts == 0 for row in held)
    assert all(15 * MINUTE <= row.due_at - now < 16 * MINUTE for row in held)


def test_it_bundles_what_was_held_back_when_it_may(twilio, now):
    tell(phone(), 6)
    deliveries_send(now)
    deliveries_send(now + 14 * MINUTE)
    assert len(twilio.received) == 3
    deliveries_send(now + 16 * MINUTE)
    assert states() == ["sent"] * 6
    assert len(twilio.received) == 4
    assert (
        "3 messages: P1 Thing 4 is down; P1 Thing 5 is down; P1 Thing 6 is down" in last_body(twilio)["Twiml"]
    )


def test_it_says_which_message_carried_another(twilio, now):
    fourth, fifth = tell(phone(), 5)[3:]
    deliveries_send(now)
    deliveries_send(now + 16 * MINUTE)
    fifth.refresh_from_db()
    assert fifth.bundled_into == fourth
    assert fifth.tries.get().detail.startswith("Together with “P1 Thing 4 is down”: taken as")


def test_it_writes_what_to_reply_about_each(twilio, now):
    tell(phone("sms"), 7)
    deliveries_send(now)
    deliveries_send(now + 16 * MINUTE)
    body = last_body(twilio)["Body"]
    assert body == "2 messages: P1 Thing 6 is down; P1 Thing 7 is down\nReply 6a, 7a to acknowledge"


def test_it_counts_a_person_not_their_numbers(twilio, responder, now):
    for first in (1, 10):
        tell(phone(user=responder), 2, first)
    tell(phone(), 1, 20)
    deliveries_send(now)
    assert states() == ["sent", "sent", "sent", "waiting", "sent"]


def test_it_counts_text_messages_apart_from_calls(twilio, responder, now):
    tell(phone(user=responder), 3)
    tell(phone("sms", user=responder), 5, 10)
    deliveries_send(now)
    assert set(states()) == {"sent"}


def test_it_holds_nothing_back_for_kinds_without_a_limit(now):
    with WebhookSink() as hook:
        channel = make.webhook(hook.url)
        for _ in range(9):
            make.delivery(channel)
        deliveries_send(now)
    assert set(states()) == {"sent"}


def test_it_tries_a_bundle_again_as_a_whole(twilio, now):
    tell(phone(), 5)
    deliveries_send(now)
    twilio.script(500, *[TAKEN["voice"]] * 9)
    deliveries_send(now + 16 * MINUTE)
    assert states() == ["sent"] * 3 + ["waiting"] * 2
    for minutes in (18, 24, 40):
        deliveries_send(now + minutes * MINUTE)
    assert states() == ["sent"] * 5


def test_it_lets_two_senders_together_past_no_limit(now):
    rows = tell(phone(), 5)
    Delivery.objects.update(leased_until=now + MINUTE)
    through = []
    for row in rows:
        row.refresh_from_db()
        through.append(delivery_let_through(delivery=row, now=now) is not None)
    assert through == [True] * 3 + [False] * 2


def test_it_acknowledges_all_that_a_call_was_about(twilio, now, monkeypatch):
    heard = []

    def responder(verb, delivery, *, name, now):
        heard.append(delivery.content["data"]["number"])
        return Done(True, "Fine.")

    monkeypatch.setattr(acts.responders, "_entries", {"test": responder})
    fourth = tell(phone(), 5)[3]
    deliveries_send(now)
    deliveries_send(now + 16 * MINUTE)
    rows = Delivery.objects.filter(pk=fourth.pk) | Delivery.objects.filter(bundled_into=fourth)
    for row in rows.order_by("pk"):
        acts.respond("acknowledge", row, now=now)
    assert heard == [4, 5]


def test_it_shows_what_is_throttled(twilio, signed_in, viewer, now, frozen):
    tell(phone(), 4)
    deliveries_send(now)
    client = signed_in(viewer)
    assert "Throttled" in client.get("/settings/deliveries/").text
    text = client.get("/settings/deliveries/?status=throttled").text
    assert "Thing 4" in text
    assert "Thing 3" not in text
    held = Delivery.objects.get(status="waiting")
    page = client.get(f"/settings/deliveries/{held.pk}/").text
    assert "Held back for" in page
    assert "Nothing is lost" in page


def test_it_has_the_limits_that_people_bear():
    pairs = [
        [(limit.most, limit.span / MINUTE) for limit in kind.limits]
        for kind in (VoiceTransport, SmsTransport)
    ]
    assert pairs == [[(3, 15), (7, 60), (15, 180)], [(5, 15), (11, 60), (21, 180)]]


@given(st.lists(st.integers(0, 200), max_size=40), st.integers(200, 400))
def test_it_never_opens_before_a_limit_allows_it(minutes, at):
    sent, now, rule = [NOW + m * MINUTE for m in minutes], NOW + at * MINUTE, limits((3, 15), (7, 60))
    opens = opens_at(rule, sent, now) or now
    for limit in rule:
        assert sum(opens - limit.span < moment for moment in sent) < limit.most


def test_it_opens_at_once_while_nothing_was_sent(now):
    assert opens_at(limits((3, 15)), [], now) is None
    assert opens_at(limits((1, 15)), [now], now) == now + 15 * MINUTE
