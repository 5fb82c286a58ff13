"""The sample company: the same for the same seed, whole, never mixed with real services, and removable."""

from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from incidents.response.models import Incident
from maintenance.checklists.models import Run
from maintenance.reports.models import WeeklyReport
from maintenance.setup.models import SampleRow
from maintenance.setup.sample import outages
from maintenance.setup.sample.load import sample_load, sample_remove
from maintenance.setup.sample.world import World
from monitoring.catalogue.models import Service
from monitoring.probes.models import Bucket, Result
from opsconsole.accounts.models import User
from opsconsole.measures.models import DailyValue
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus

pytestmark = pytest.mark.django_db
VIENNA = ZoneInfo("Europe/Vienna")


FILLED = (Service, Bucket, Incident, Run, DailyValue, WeeklyReport)


def load(now):
    return sample_load(now=now, seed=1, days=32, say=lambda line: None)


def test_it_fills_every_department_and_leaves_nothing_behind(owner, now, frozen):
    load(now)
    assert [model.__name__ for model in FILLED if not model._default_manager.exists()] == []
    assert not Delivery.objects.filter(status=DeliveryStatus.WAITING).exists()
    assert not Channel.objects.filter(is_enabled=True).exists()
    sample_remove()
    left = (*FILLED, Result, Channel, SampleRow)
    assert [model.__name__ for model in left if model._base_manager.exists()] == []
    assert list(User.objects.all()) == [owner]


def test_it_draws_the_same_for_the_same_seed(now):
    drawn = [outages.draw(World(now, 400, Random(seed), VIENNA)) for seed in (7, 7, 8)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert all(one.start < one.end <= one.resolved for one in drawn[0])


def test_it_never_mixes_with_real_services(owner, now, frozen):
    Service.objects.create(name="Real", slug="real")
    with pytest.raises(ValidationError, match="watches services already"):
        load(now)


def test_it_removes_nothing_where_there_is_no_sample(owner):
    assert sample_remove() == 0
