"""Measures, checks and the watch of the outbox."""

from datetime import timedelta

import pytest

from opsconsole.health.watches import watches
from opsconsole.lib.periods import Period
from opsconsole.measures.checks import checks
from opsconsole.measures.registry import measures
from opsconsole.outbox.models import Delivery
from opsconsole.outbox.selectors import TEST
from tests.opsconsole import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
HOUR = timedelta(hours=1)


def sent(now, age, status="sent", took=timedelta(seconds=2), **fields):
    delivery = make.delivery(make.webhook(), now=now - age, **fields)
    at = now - age + took if status == "sent" else None
    Delivery.objects.filter(pk=delivery.pk).update(created_at=now - age, status=status, sent_at=at)
    return delivery


def read(slug, now, hours=24):
    return measures[slug].read(Period(now - hours * HOUR, now + HOUR))


def test_it_counts_what_waits_too_long_and_what_was_given_up(now):
    sent(now, HOUR, "waiting")
    sent(now, 30 * HOUR, "waiting")
    sent(now, HOUR, "failed")
    sent(now, 30 * HOUR, "failed")  # before the period
    sent(now, timedelta(minutes=1), "waiting")  # on its way
    sent(now, HOUR, "cancelled")
    sent(now, HOUR)
    sent(now, HOUR, "failed", event=f"{TEST}1:1")
    assert read("outbox.undelivered", now).value == 3


def test_it_counts_what_was_given_up_in_the_whole_of_a_month(now):
    sent(now, 20 * 24 * HOUR, "failed")
    sent(now, 40 * 24 * HOUR, "failed")
    assert read("outbox.undelivered", now, hours=30 * 24).value == 1


def test_it_knows_what_waited_at_the_end_of_a_past_period(now):
    sent(now, 5 * HOUR, took=3 * HOUR)
    past = Period(now - 10 * HOUR, now - 4 * HOUR)
    assert measures["outbox.undelivered"].read(past).value == 1
    assert read("outbox.undelivered", now).value == 0


def test_it_says_how_many_arrived(now):
    for status in ("sent", "sent", "sent", "failed", "cancelled"):
        sent(now, HOUR, status)
    reading = read("outbox.delivered", now)
    assert (reading.value, reading.n) == (75, 4)


def test_it_takes_nothing_sent_for_no_hundred_per_cent(now):
    reading = read("outbox.delivered", now)
    assert reading.value is None
    assert measures["outbox.delivered"].judge(reading) == "unknown"


@pytest.mark.parametrize(("of", "count"), [("outbox.undelivered", 2), ("outbox.delivered", 3)])
def test_it_links_to_its_very_rows(signed_in, viewer, now, of, count):
    for status in ("sent", "failed", "waiting", "cancelled"):
        sent(now, HOUR, status)
        sent(now, 300 * HOUR, status)
    page = signed_in(viewer).get(read(of, now).evidence_url)
    assert (page.context["asked"].of, page.context["count"], len(page.context["rows"])) == (of, count, count)


def channels_work(now):
    return checks["outbox.channels_work"].evidence(now)


def test_it_does_not_verify_without_a_channel(now):
    make.webhook(is_enabled=False)
    evidence = channels_work(now)
    assert (evidence.verdict, evidence.value) == ("unknown", "0 of 0")
    assert "No channel is open" in evidence.detail


@pytest.mark.parametrize(
    ("fields", "verdict", "value"),
    [
        ({"health": "works"}, "ok", "2 of 2"),
        ({"health": "failing"}, "bad", "1 of 2"),
        ({"is_enabled": False, "disabled_reason": "410"}, "bad", "1 of 2"),
        ({"health": "works", "is_enabled": False}, "ok", "1 of 1"),
        ({"health": "untried"}, "unknown", "1 of 2"),
    ],
)
def test_it_is_green_only_when_every_channel_took_its_last_message(now, fields, verdict, value):
    make.webhook(name="Good", health="works")
    make.webhook(name="Other", **fields)
    evidence = channels_work(now)
    assert (evidence.verdict, evidence.value) == (verdict, value)
    assert ("Other" in evidence.detail) == (verdict != "ok")


def test_it_finds_what_nobody_takes(now):
    make.delivery(make.webhook(), now=now - timedelta(minutes=6))
    make.delivery(make.webhook(), now=now - timedelta(minutes=4))
    make.delivery(make.webhook(is_enabled=False), now=now - HOUR)
    found = watches["outbox.deliveries"](now)
    assert (found.count, found.oldest) == (1, now - timedelta(minutes=6))


def test_it_stays_calm_while_somebody_sends(now):
    delivery = make.delivery(make.webhook(), now=now - HOUR)
    Delivery.objects.filter(pk=delivery.pk).update(leased_until=now + timedelta(minutes=1))
    assert watches["outbox.deliveries"](now).count == 0
