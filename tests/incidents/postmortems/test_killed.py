"""Killed between any two writes, each draft, reminder and publication is there once."""

from datetime import timedelta

import pytest

from incidents.postmortems import services
from incidents.postmortems.models import Postmortem
from incidents.postmortems.tasks import create_missing, remind
from incidents.response.models import TimelineEntry
from opsconsole.outbox.models import Delivery
from tests.incidents.killing import killed_at_each_write

pytestmark = pytest.mark.django_db


def told(kind):
    return TimelineEntry.objects.filter(kind=kind).count()


def test_it_drafts_once(resolved, now):
    def check():
        assert (Postmortem.objects.count(), told("postmortem")) == (1, 1)

    assert killed_at_each_write(lambda: create_missing(now), check) >= 2


def test_it_reminds_once(postmortem):
    def check():
        assert Delivery.objects.filter(event__startswith="postmortem.late").count() == 1
        assert told("review_late") == 1

    late = postmortem.due_at + timedelta(minutes=1)
    assert killed_at_each_write(lambda: remind(late), check) >= 3


def test_it_publishes_once(written, responder, now):
    def check():
        assert Postmortem.objects.get().status == "published"
        assert told("reviewed") == 1

    def act():
        return services.postmortem_publish(actor=responder, postmortem=written, now=now)

    assert killed_at_each_write(act, check) >= 2
