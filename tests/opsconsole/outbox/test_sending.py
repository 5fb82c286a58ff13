"""The sender: at least once, always with the same id, and nobody waits for somebody else's server."""

import threading
from datetime import timedelta

import pytest

from opsconsole.outbox import sending
from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus, Topic
from opsconsole.outbox.selectors import TEST, due, next_in_lanes
from opsconsole.outbox.services import outcomes
from opsconsole.outbox.tasks import deliveries_send
from opsconsole.outbox.transports import webhook
from opsconsole.outbox.transports.base import Receipt, TransportError, transports
from tests.opsconsole import make
from tests.sinks import SmtpSink, WebhookSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _impatient(settings, monkeypatch):
    settings.EMAIL_TIMEOUT = 0.5
    monkeypatch.setattr(webhook, "IN_ALL", 0.5)


def state(delivery):
    delivery.refresh_from_db()
    return delivery.status


def test_it_sends_what_is_due_through_each_kind(now, settings):
    with SmtpSink() as mail, WebhookSink() as hook:
        settings.EMAIL_URL = mail.url
        letter, call = make.delivery(make.mailbox()), make.delivery(make.webhook(hook.url))
        assert deliveries_send(now) == 2
    assert (state(letter), state(call)) == ("sent", "sent")
    assert mail.received[0]["To"] == "ops@example.com"
    assert hook.received[0].headers["webhook-id"] == str(call.uuid)


def test_it_sends_to_an_address_without_a_channel(now, settings):
    with SmtpSink() as mail:
        settings.EMAIL_URL = mail.url
        delivery = make.delivery(recipient="boss@example.com")
        deliveries_send(now)
    assert state(delivery) == "sent"
    assert mail.received[0]["To"] == "boss@example.com"


def test_it_writes_down_each_attempt_with_the_answer(now):
    with WebhookSink(500) as hook:
        delivery = make.delivery(make.webhook(hook.url))
        deliveries_send(now)
        deliveries_send(now + MINUTE)
    first, second = delivery.tries.all()
    assert (first.ok, first.detail) == (False, "The receiver answered 500.")
    assert (second.ok, second.detail) == (True, "answered 200")
    assert abs(first.at - now) < timedelta(seconds=2)


def test_it_leaves_alone_what_is_not_due(now):
    with WebhookSink() as hook:
        make.delivery(make.webhook(hook.url), now=now + MINUTE)
        assert deliveries_send(now) == 0
    assert not hook.received


@pytest.mark.parametrize(("ahead", "sent"), [(timedelta(hours=27), False), (timedelta(days=365), True)])
def test_it_sends_what_was_queued_by_a_clock_that_is_set_back_now(now, ahead, sent):
    with WebhookSink() as hook:
        make.delivery(make.webhook(hook.url), now=now + ahead)
        deliveries_send(now)
    assert bool(hook.received) == sent


def test_it_does_not_send_twice_what_another_is_sending(now):
    with WebhookSink() as hook:
        delivery = make.delivery(make.webhook(hook.url))
        Delivery.objects.filter(pk=delivery.pk).update(leased_until=now + MINUTE)
        assert deliveries_send(now) == 0
        assert not hook.received


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "data 451 greylisted", "hang", "drop", "421 busy"])
def test_it_repeats_a_mail_with_the_same_message_id(now, settings, answer):
    with SmtpSink(answer) as mail:
        settings.EMAIL_URL = mail.url
        delivery = make.delivery(make.mailbox())
        deliveries_send(now)
        assert (state(delivery), delivery.attempts) == ("waiting", 1)
        deliveries_send(now + MINUTE)
    assert (state(delivery), mail.tries) == ("sent", 2)
    assert {m["Message-ID"] for m in mail.received} == {f"<{delivery.uuid}@127.0.0.1>"}


@pytest.mark.parametrize("answer", [500, 429, (503, {"Retry-After": "3"}), "hang", "reset", "garbage"])
def test_it_repeats_a_call_with_the_same_id(now, answer):
    with WebhookSink(answer) as hook:
        delivery = make.delivery(make.webhook(hook.url))
        deliveries_send(now)
        assert (state(delivery), delivery.attempts) == ("waiting", 1)
        deliveries_send(now + MINUTE)
    assert state(delivery) == "sent"
    assert [got.headers["webhook-id"] for got in hook.received] == [str(delivery.uuid)] * 2


def test_it_comes_back_when_it_was_asked_to(now):
    with WebhookSink((429, {"Retry-After": "1800"})) as hook:
        delivery = make.delivery(make.webhook(hook.url))
        deliveries_send(now)
        delivery.refresh_from_db()
        assert timedelta(minutes=29) < delivery.due_at - now < timedelta(minutes=31)
        assert deliveries_send(now + 20 * MINUTE) == 0


def test_it_lets_nobody_wait_for_a_server_that_hangs(now, monkeypatch):
    monkeypatch.setattr(webhook, "IN_ALL", 3)
    with WebhookSink(*["hang"] * 9) as slow, WebhookSink() as quick:
        for _ in range(9):
            make.delivery(make.webhook(slow.url))
        deliveries = [make.delivery(make.webhook(quick.url)) for _ in range(6)]
        threading.Timer(1.0, slow.released.set).start()
        deliveries_send(now)
    took = [d.tries.get().at + timedelta(milliseconds=d.tries.get().ms) - now for d in deliveries]
    assert max(took) < timedelta(seconds=1)


def test_it_sends_what_came_while_it_waited(now):
    """A message queued while a server hangs goes out at once, not after the hanging ended."""
    with WebhookSink("hang") as slow, WebhookSink() as quick:
        make.delivery(make.webhook(slow.url))
        late = make.delivery(make.webhook(quick.url), now=now + timedelta(seconds=0.2))
        deliveries_send(now)
    assert state(late) == "sent"


def test_it_takes_few_of_one_server_at_once(now):
    one, other = make.webhook(), make.webhook()
    for _ in range(6):
        make.delivery(one)
    make.delivery(other)
    lanes = [lane for _, lane in next_in_lanes(now, each=2, limit=16)]
    assert lanes == [str(one.pk), str(one.pk), str(other.pk)]


def test_it_treats_all_mail_as_one_server(now):
    for delivery in (make.mailbox(), make.mailbox(), None):
        make.delivery(delivery)
    assert {lane for _, lane in next_in_lanes(now, each=9, limit=16)} == {"email"}


def test_it_sends_incidents_first(now):
    channel = make.webhook()
    report = make.delivery(channel, topic=Topic.REPORTS, now=now - HOUR)
    incident = make.delivery(channel, topic=Topic.INCIDENTS)
    assert list(due(now)) == [incident, report]


class Killed(BaseException):
    """kill -9, as far as one process can feel it."""


def test_it_sends_again_with_the_same_id_what_was_killed_before_it_was_confirmed(now, settings, monkeypatch):
    def die(**_):
        raise Killed

    with SmtpSink() as mail:
        settings.EMAIL_URL = mail.url
        delivery = make.delivery(make.mailbox())
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(sending, "delivery_confirm", die)
            deliveries_send(now)
        assert deliveries_send(now + MINUTE) == 0  # the lease stands
        assert deliveries_send(now + 3 * MINUTE) == 1
    assert state(delivery) == "sent"
    assert [m["Message-ID"] for m in mail.received] == [f"<{delivery.uuid}@127.0.0.1>"] * 2


def test_it_sends_what_was_killed_before_it_was_sent(now, monkeypatch):
    def die(*_):
        raise Killed

    with WebhookSink() as hook:
        delivery = make.delivery(make.webhook(hook.url))
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(sending, "prepared", die)
            deliveries_send(now)
        deliveries_send(now + 3 * MINUTE)
    assert (state(delivery), len(hook.received)) == ("sent", 1)


def test_it_never_sends_what_has_expired(now):
    with WebhookSink() as hook:
        delivery = make.delivery(make.webhook(hook.url), expires_at=now + MINUTE)
        deliveries_send(now + MINUTE)
    assert (state(delivery), hook.received) == ("cancelled", [])
    assert "too late" in delivery.last_error


def test_it_loses_nothing_while_the_mail_server_is_away_for_an_hour(now, settings):
    with SmtpSink() as mail:
        settings.EMAIL_URL = mail.url
    deliveries = [make.delivery(make.mailbox(), now=now + i * MINUTE) for i in range(5)]
    for minute in range(60):
        deliveries_send(now + minute * MINUTE)
    assert {state(d) for d in deliveries} == {"waiting"}
    with SmtpSink() as mail:
        settings.EMAIL_URL = mail.url
        for minute in range(60, 130):
            deliveries_send(now + minute * MINUTE)
    assert {state(d) for d in deliveries} == {"sent"}
    assert len(mail.received) == 5


def test_it_keeps_the_messages_of_a_closed_channel(now):
    with WebhookSink() as hook:
        channel = make.webhook(hook.url, is_enabled=False)
        delivery = make.delivery(channel)
        assert deliveries_send(now) == 0
        Channel.objects.update(is_enabled=True)
        deliveries_send(now + MINUTE)
    assert state(delivery) == "sent"


def test_it_tries_a_test_through_a_closed_channel(now):
    with WebhookSink() as hook:
        test = make.delivery(make.webhook(hook.url, is_enabled=False), event=f"{TEST}1:x")
        deliveries_send(now)
    assert state(test) == "sent"


def test_it_gives_up_after_the_last_wait(now):
    with WebhookSink(*[500] * 20) as hook:
        delivery = make.delivery(make.webhook(hook.url))
        moment = now
        while state(delivery) == DeliveryStatus.WAITING:
            moment = max(moment, delivery.due_at)
            deliveries_send(moment)
    assert (state(delivery), delivery.attempts) == ("failed", 10)
    assert timedelta(hours=66) < moment - now < timedelta(hours=84)


def test_it_survives_a_mistake_in_a_transport(now, monkeypatch, caplog):
    monkeypatch.setattr(transports["webhook"], "send", lambda _: 1 / 0, raising=False)
    delivery = make.delivery(make.webhook())
    deliveries_send(now)
    assert state(delivery) == "waiting"
    assert "ZeroDivisionError" in delivery.last_error
    assert "Traceback" in caplog.text


def test_it_says_when_its_secrets_cannot_be_read(now, settings):
    unreadable = make.delivery(make.webhook())
    settings.SECRET_KEY = "another"
    with WebhookSink() as hook:
        readable = make.delivery(make.webhook(hook.url))
        deliveries_send(now)
    assert Delivery.objects.filter(pk=readable.pk, status="sent").exists()
    assert Delivery.objects.filter(pk=unreadable.pk, last_error__contains="SECRET_KEY").exists()


def test_it_says_when_the_settings_of_a_channel_cannot_be_read(now, settings, caplog):
    channel = make.webhook()
    settings.SECRET_KEY = "another"
    delivery = make.delivery(Channel.objects.get(pk=channel.pk))
    deliveries_send(now)
    delivery.refresh_from_db()
    assert delivery.last_error.startswith("No key of this console opens this secret")
    assert "Traceback" not in caplog.text


def test_it_says_when_it_does_not_know_the_kind(now):
    delivery = make.delivery(make.webhook(kind="pigeon"))
    deliveries_send(now)
    assert "no kind of channel “pigeon”" in Delivery.objects.get(pk=delivery.pk).last_error


def test_it_gives_up_on_a_transport_that_never_ends(now, monkeypatch):
    monkeypatch.setattr(sending, "GIVES_UP", 0.2)
    release = threading.Event()
    monkeypatch.setattr(
        transports["webhook"], "send", lambda _: release.wait(10) and Receipt("late"), raising=False
    )
    delivery = make.delivery(make.webhook())
    deliveries_send(now)
    release.set()
    assert state(delivery) == "waiting"
    assert "No end within" in delivery.last_error


def test_it_says_permanent_only_when_told_so(monkeypatch):
    def refuse(_):
        raise TransportError("gone", permanent=True)

    monkeypatch.setattr(transports["webhook"], "send", refuse, raising=False)
    outcome = sending.attempt(transports["webhook"], make.outgoing({}))
    assert (outcome.ok, outcome.permanent, outcome.detail) == (False, True, "gone")


def test_it_rests_a_lane_that_hangs_till_the_next_sweep(now, monkeypatch):
    monkeypatch.setattr(sending, "SLOW", 0.3)
    with WebhookSink(*["hang"] * 9) as slow:
        channel = make.webhook(slow.url)
        for _ in range(9):
            make.delivery(channel)
        assert deliveries_send(now) == 4
        assert deliveries_send(now) == 4


def test_it_holds_up_nothing_for_a_row_that_cannot_be_confirmed(now, monkeypatch):
    confirm = outcomes.delivery_confirm

    def flawed(*, delivery, **rest):
        if delivery.subject == "Poison":
            raise ValueError
        confirm(delivery=delivery, **rest)

    monkeypatch.setattr(sending, "delivery_confirm", flawed)
    with WebhookSink() as hook:
        channel = make.webhook(hook.url)
        make.delivery(channel, message=Message("Poison", "x"))
        good = make.delivery(channel)
        assert deliveries_send(now) == 1
    assert state(good) == "sent"


def test_it_holds_up_nothing_for_a_malformed_row(now, caplog):
    with WebhookSink() as hook:
        channel = make.webhook(hook.url)
        bad, good = make.delivery(channel), make.delivery(channel)
        bad.content = {}
        bad.save()
        deliveries_send(now)
    assert (state(good), state(bad)) == ("sent", "waiting")
    assert "could not read it" in bad.last_error
    assert "Traceback" in caplog.text


@pytest.mark.parametrize("ended", ["sent", "cancelled"])
def test_it_does_not_send_what_ended_between_its_choice_and_its_claim(now, monkeypatch, ended):
    def choose(now, **narrow):
        found = next_in_lanes(now, **narrow)
        Delivery.objects.update(status=ended)
        return found

    monkeypatch.setattr(sending, "next_in_lanes", choose)
    with WebhookSink() as hook:
        make.delivery(make.webhook(hook.url))
        deliveries_send(now)
    assert hook.received == []
