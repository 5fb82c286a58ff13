"""Several workers find the same report due, and the same day to keep."""

from datetime import timedelta

import pytest

from maintenance.reports import tasks
from maintenance.reports.models import WeeklyReport
from opsconsole.accounts.models import Team
from opsconsole.measures.models import DailyValue
from opsconsole.measures.tasks import keep_daily
from opsconsole.outbox.models import Channel, Delivery
from tests import make
from tests.maintenance.reports.conftest import MONDAY
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bare")]


@pytest.fixture(autouse=True)
def young_team(headline):
    make.team()
    Team.objects.update(created_at=MONDAY - timedelta(days=3))
    headline("acme.up", lambda period: 99.95, unit="%")


def test_it_publishes_and_mails_once():
    Channel.objects.create(kind="email", name="Founder", config={}, topics=["reports"])
    at_once(*[lambda: tasks.publish_due(MONDAY)] * 3)
    assert (WeeklyReport.objects.count(), Delivery.objects.count()) == (1, 1)


def test_it_keeps_each_day_once():
    at_once(*[lambda: keep_daily(MONDAY)] * 3)
    assert DailyValue.objects.count() == 3
