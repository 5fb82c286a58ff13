"""What people write back on their phones."""

from datetime import timedelta

import pytest

from opsconsole.outbox import acts
from opsconsole.outbox.acts import Done
from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Reply
from opsconsole.outbox.services.replies import ANSWERS, HELP, NONE_SENT, reply_take, understood
from tests.opsconsole import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """What was asked for: [(verb, number), …]."""
    heard = []

    def responder(verb, delivery, *, name, now):
        heard.append((verb, delivery.content["data"]["number"]))
        return Done(True, f"INC-{delivery.content['data']['number']:03} is yours.")

    monkeypatch.setattr(acts.responders, "_entries", {"test": responder})
    return heard


@pytest.fixture
def phone(db):
    return make.webhook(kind="sms", config={"to": "+43660"})


def tell(phone, number):
    make.delivery(phone, message=Message("Down", "", data={"number": number}))


def reply(phone, text, now, sid=""):
    return reply_take(channel=phone, sid=sid or f"SM{Reply.objects.count()}", text=text, now=now)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("a", ("acknowledge", None)),
        (" ACK ", ("acknowledge", None)),
        ("Ack.", ("acknowledge", None)),
        ("7a", ("acknowledge", 7)),
        ("7 a", ("acknowledge", 7)),
        ("a 7", ("acknowledge", 7)),
        ("a #7", ("acknowledge", 7)),
        ("ack INC-007", ("acknowledge", 7)),
        ("e", ("escalate", None)),
        ("12E", ("escalate", 12)),
        ("", None),
        ("7", None),
        ("ok thanks", None),
        ("a" * 200, None),
        ("²a", None),
    ],
)
def test_it_understands_short_words_and_numbers(text, wish):
    assert understood(text) == wish


def test_it_means_the_last_message_without_a_number(phone, asked, now):
    tell(phone, 7)
    tell(phone, 8)
    assert reply(phone, "a", now) == "INC-008 is yours."
    assert asked == [("acknowledge", 8)]


def test_it_means_the_incident_of_the_number(phone, asked, now):
    tell(phone, 7)
    tell(phone, 8)
    reply(phone, "7e", now)
    assert asked == [("escalate", 7)]


def test_it_acts_on_nothing_that_was_not_sent_to_this_number(phone, asked, now):
    tell(make.webhook(kind="sms"), 7)
    assert reply(phone, "7a", now) == NONE_SENT
    assert not asked


def test_it_takes_each_reply_once(phone, asked, now):
    tell(phone, 7)
    assert reply(phone, "a", now, sid="SM1") == reply(phone, "a", now, sid="SM1") == "INC-007 is yours."
    assert len(asked) == 1


def test_it_helps_once_an_hour(phone, now):
    assert reply(phone, "who is this?", now) == HELP
    assert reply(phone, "hello?", now) == ""
    assert reply(phone, "hello?", now + timedelta(minutes=61)) == HELP


@pytest.mark.parametrize("text", ["STOP", "start", " Help "])
def test_it_leaves_the_words_of_the_provider_alone(phone, now, text):
    assert reply(phone, text, now) == ""


def test_it_acts_still_when_it_has_answered_enough(phone, asked, now):
    tell(phone, 7)
    answers = [reply(phone, "a", now) for _ in range(ANSWERS + 1)]
    assert (len(asked), answers[-1]) == (ANSWERS + 1, "")


def test_it_has_a_sentence_for_a_message_that_nobody_answers_for(phone, monkeypatch, now):
    monkeypatch.setattr(acts.responders, "_entries", {})
    tell(phone, 7)
    assert reply(phone, "a", now) == "There is nothing to do about this message."
