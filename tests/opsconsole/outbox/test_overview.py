"""What the pages show: standing of channels, what does not get through, and no secrets."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from opsconsole.outbox import overview
from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Channel, Delivery
from opsconsole.outbox.overview import Trouble, channel_rows, content, deliveries, masked, sums, troubles
from opsconsole.outbox.tasks import deliveries_send
from tests.opsconsole import make
from tests.sinks import SmtpSink, WebhookSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]
MINUTE = timedelta(minutes=1)


def test_it_sees_no_trouble_before_anything_failed(now):
    make.delivery(make.mailbox())
    assert troubles(now) == []


def test_it_says_of_mail_that_is_down_since_when_how_many_wait_and_when_it_is_next(now, settings):
    settings.EMAIL_URL = ""
    for minute in range(3):
        make.delivery(make.mailbox(), now=now + minute * MINUTE)
        deliveries_send(now + minute * MINUTE)
    trouble = troubles(now + 3 * MINUTE)[0]
    assert (trouble.name, trouble.waiting) == ("Mail", 3)
    assert abs(trouble.since - now) < timedelta(seconds=5)
    assert "set EMAIL_URL" in trouble.error
    assert trouble.next_at == min(Delivery.objects.values_list("due_at", flat=True))


def test_it_takes_mail_for_well_after_the_first_that_got_through(now, settings):
    with SmtpSink("451 later") as mail:
        settings.EMAIL_URL = mail.url
        make.delivery(make.mailbox())
        deliveries_send(now)
        assert [t.name for t in troubles(now)] == ["Mail"]
        make.delivery(make.mailbox(), now=now + timedelta(seconds=2))
        deliveries_send(now + timedelta(seconds=2))
    assert not [t for t in troubles(now + timedelta(seconds=3)) if t.name == "Mail"]


def test_it_sees_mail_in_trouble_without_any_channel(now, settings):
    settings.EMAIL_URL = ""
    make.delivery(recipient="boss@example.com")
    deliveries_send(now)
    assert [t.name for t in troubles(now)] == ["Mail"]


def test_it_names_a_failing_channel(now):
    with WebhookSink(503) as hook:
        channel = make.webhook(hook.url, name="Team chat")
        make.delivery(channel)
        deliveries_send(now)
    trouble = troubles(now)[0]
    assert (trouble.name, trouble.channel_id, trouble.waiting) == ("Team chat", channel.pk, 1)


def test_it_puts_first_what_is_wrong(now):
    make.webhook(name="A", health="works")
    make.webhook(name="B", health="failing")
    assert [row.channel.name for row in channel_rows()] == ["B", "A"]


def test_it_shows_where_a_channel_goes_without_its_secrets(now):
    make.webhook("https://hooks.example.com/T0/secret?key=1")
    make.mailbox("ops@example.com")
    assert sorted(row.target for row in channel_rows()) == ["https://hooks.example.com/…", "ops@example.com"]


def test_it_lists_a_channel_of_unknown_kind_or_lost_key_nevertheless(settings):
    make.webhook(kind="pigeon")
    make.webhook(name="Lost")
    settings.SECRET_KEY = "another"
    targets = {row.target for row in channel_rows()}
    assert targets == {
        "this console does not know its kind",
        "its settings cannot be read: the secret key was changed",
    }


def test_it_puts_the_last_delivery_and_what_waits_beside_a_channel(now):
    channel = make.webhook()
    make.delivery(channel)
    sent = make.delivery(channel)
    Delivery.objects.filter(pk=sent.pk).update(status="sent", sent_at=now)
    row = channel_rows()[0]
    assert (row.last_at, row.waiting) == (now, 1)


def test_it_stops_counting_at_a_thousand(now, monkeypatch):
    monkeypatch.setattr(overview, "MOST", 2)
    for _ in range(3):
        make.delivery(make.webhook())
    assert sums(now).waiting == 2


@pytest.mark.parametrize(
    ("narrow", "found"),
    [
        ({}, 3),
        ({"status": "sent"}, 1),
        ({"status": "nonsense"}, 3),
        ({"channel": "direct"}, 1),
        ({"channel": "99999999999999999999999"}, 0),
        ({"channel": "x"}, 3),
        ({"about": "/incidents/8/"}, 1),
    ],
)
def test_it_narrows_deliveries(narrow, found):
    channel = make.webhook()
    make.delivery(channel)
    make.delivery(channel, about="/incidents/8/")
    sent = make.delivery()
    Delivery.objects.filter(pk=sent.pk).update(status="sent")
    assert deliveries(**narrow).count() == found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ops/a/Zk3jd93kdkf93kd0sk3kd93k", "https://ops/a/…"),
        ("https://ops/a/onewithoutanydigitinit-is_rare?x", "https://ops/a/…?x"),
        ("https://ops/x?token=Zk3jd93kdkf93kd0sk3kd93k&b=1", "https://ops/x?token=…&b=1"),
        ("https://ops/ping/0b0e6fb8-0000-4000-8000-000000000001/start", "https://ops/ping/…/start"),
        ("https://ops/incidents/42/", "https://ops/incidents/42/"),
        ("https://ops/reports/weekly/2026-W47/", "https://ops/reports/weekly/2026-W47/"),
        ("a/perfectly-normal-long-path-of-words", "a/perfectly-normal-long-path-of-words"),
    ],
)
def test_it_makes_links_that_open_doors_unreadable(text, shown):
    assert masked(text) == shown


def test_it_lets_a_viewer_read_no_message():
    assert "responders" in content(make.delivery(make.webhook()), may_read=False).withheld


def test_it_lets_nobody_here_read_a_private_message():
    message = Message("Set a password", "https://ops/x", "", {"private": True})
    shown = content(make.delivery(recipient="a@example.com", message=message), may_read=True)
    assert (shown.text, "recipient only" in shown.withheld) == ("", True)


def test_it_shows_what_machines_get_beside_the_text():
    shown = content(make.delivery(make.webhook()), may_read=True)
    assert (shown.text, '"number": 7' in shown.data) == ("It answers 502.\n", True)


def test_it_says_that_the_key_of_a_message_is_lost(settings):
    delivery = make.delivery(make.webhook())
    settings.SECRET_KEY = "another"
    assert "SECRET_KEY" in content(Delivery.objects.get(pk=delivery.pk), may_read=True).withheld


def test_it_does_not_list_removed_channels(now):
    make.webhook(removed_at=now)
    assert channel_rows() == []
    assert Channel.with_removed.count() == 1


@pytest.mark.parametrize(("ways", "said"), [(3, None), (4, "1 more does not"), (11, "8 more do not")])
def test_it_tells_three_troubles_whole_and_counts_the_others(ways, said):
    found = [Trouble(f"Chat {n}", None, "503", 0, None) for n in range(ways)]
    page = render_to_string("outbox/_troubles.html", {"troubles": found})
    assert page.count("does not get through.</b> 503") == 3
    assert (said in page) if said else ("more" not in page)
