"""Channels hear 30, 14, 7 days and a day before a certificate or a domain ends, once each, whatever repeats or collides."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.probes.endings import notify, reached
from monitoring.probes.models import EndingNotice, Finding
from monitoring.probes.tasks import notify as sweep
from opsconsole.outbox.models import Channel, Delivery
from tests.conftest import NOW
from tests.monitoring import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ends(now):
    return now + timedelta(days=40)


@pytest.fixture(autouse=True)
def channel(db, team):
    return Channel.objects.create(
        kind="email", name="Ops", config={"to": ["ops@example.com"]}, topics=["endings"]
    )


def told() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("subject", flat=True))


def test_it_tells_of_each_threshold_once(now, ends):
    make.probe(certificate_expires_at=ends)
    for hours in range(0, 42 * 24, 6):
        notify(now + timedelta(hours=hours))
    assert [subject.rpartition(" ends in ")[2] for subject in told()] == [
        "30 days",
        "14 days",
        "7 days",
        "1 day",
    ]


def test_it_tells_only_of_the_tightest_when_it_comes_late(now, ends):
    make.probe(certificate_expires_at=ends)
    assert [notify(ends - timedelta(days=5)), notify(ends - timedelta(days=4))] == [1, 0]
    assert told() == ["The certificate of Front page ends in 5 days"]


def test_it_begins_anew_with_another_certificate(now, ends):
    probe = make.probe(certificate_expires_at=ends)
    notify(ends - timedelta(days=10))
    probe.certificate_expires_at = ends + timedelta(days=90)
    probe.save()
    assert [notify(ends), notify(ends + timedelta(days=80))] == [0, 1]


def test_it_tells_of_domains(now, ends):
    Finding.objects.create(probe=make.probe("example.com"), at=now, ends_at=ends)
    notify(ends - timedelta(hours=3))
    assert told() == ["The domain of example.com ends in less than a day"]


def test_it_says_that_it_is_over(now, ends):
    make.probe(certificate_expires_at=ends)
    sweep(ends + timedelta(days=3))
    delivery = Delivery.objects.get()
    assert delivery.subject == "The certificate of Front page has ended"
    assert "ended on Monday 28 December" in delivery.content["text"]


def test_it_is_silent_about_what_is_paused_or_far(now, ends):
    make.probe("Paused", certificate_expires_at=now, is_paused=True)
    make.probe("Far", certificate_expires_at=ends)
    assert notify(now) == 0


def test_it_tells_only_channels_that_listen(now, channel):
    Channel.objects.update(topics=["incidents"])
    make.probe(certificate_expires_at=now)
    assert (notify(now), Delivery.objects.count(), EndingNotice.objects.count()) == (1, 0, 1)


def test_it_writes_notice_and_messages_together(now, monkeypatch):
    make.probe(certificate_expires_at=now)
    monkeypatch.setattr("monitoring.probes.endings.render", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        notify(now)
    assert EndingNotice.objects.count() == 0


def test_it_asks_a_constant_number_of_queries_when_all_is_told(now, django_assert_max_num_queries):
    for n in range(20):
        make.probe(f"P{n}", certificate_expires_at=now + timedelta(days=3))
    assert notify(now) == 20
    with django_assert_max_num_queries(4):
        assert notify(now) == 0


@given(st.integers(-100, 100 * 24))
def test_it_knows_the_tightest_threshold(hours):
    days = reached(NOW + timedelta(hours=hours), NOW)
    assert days == next((d for d in (1, 7, 14, 30) if hours <= 24 * d), None)
