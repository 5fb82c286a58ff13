"""The sample company: the same for the same seed, whole, never mixed with real services, and removable."""

from datetime import UTC, date, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.core.exceptions import ValidationError

from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.selectors import drafts, late_actions, late_drafts
from incidents.response.models import Incident
from incidents.response.selectors import live
from maintenance.checklists.models import Answer, Run
from maintenance.checklists.states import RunStatus, is_stale
from maintenance.reports.models import WeeklyReport
from maintenance.setup.models import SampleRow
from maintenance.setup.sample import lists, outages
from maintenance.setup.sample.load import sample_load, sample_remove
from maintenance.setup.sample.world import World
from monitoring.catalogue.models import Service
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.models import Run as JobRun
from monitoring.probes.engine.tally import SUMS
from monitoring.probes.models import Bucket, Size
from opsconsole.lib.histograms import decode
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
VIENNA = ZoneInfo("Europe/Vienna")
STAYS = {"checklists.template", "checklists.item"}  # the checklists that come with the console


def load(now):
    return sample_load(now=now, seed=1, days=60, say=lambda line: None)


def sizes():
    """How many rows each table has."""
    return {model._meta.label_lower: model._base_manager.count() for model in apps.get_models()}


def test_it_leaves_nothing_behind(owner, now, frozen):
    before = sizes()
    load(now)
    assert sizes()["response.incident"] > 3
    sample_remove()
    after = sizes()
    assert {name: (n, before[name]) for name, n in after.items() if n != before[name]}.keys() <= STAYS


def test_it_takes_out_each_kind_of_row_at_once(owner, django_assert_max_num_queries):
    rows = [SampleRow(model="measures.dailyvalue", key=str(key)) for key in range(100)]
    SampleRow.objects.bulk_create(rows)
    with django_assert_max_num_queries(30):
        sample_remove()


def test_it_writes_nothing_into_the_audit_trail(owner, now, frozen):
    count = LogEntry.objects.count()
    load(now)
    assert LogEntry.objects.count() == count


def test_it_sends_nothing_to_anybody(owner, now, frozen):
    load(now)
    assert not Delivery.objects.filter(status=DeliveryStatus.WAITING).exists()
    assert not Channel.objects.filter(is_enabled=True).exists()


def test_it_goes_by_the_days_of_its_zone(db):
    """Nine in Auckland is the evening before in UTC; what the list asks for is the day before that nine."""
    nine = datetime(2026, 11, 17, 20, tzinfo=UTC)
    assert lists.Past([], ZoneInfo("Pacific/Auckland")).at(nine).before == date(2026, 11, 17)


def test_it_draws_the_same_for_the_same_seed(now):
    drawn = [outages.draw(World(now, 400, Random(seed), VIENNA)) for seed in (7, 7, 8)]
    assert drawn[0] == drawn[1] != drawn[2]
    ended = [one for one in drawn[0] if one.end and one.resolved]
    assert all(one.start < (one.end or one.start) <= (one.resolved or one.start) for one in ended)
    assert len(ended) == len(drawn[0]) - 1


@pytest.mark.parametrize("hour", [0, 1, 4, 9, 16, 23])
def test_it_has_a_plausible_morning_at_any_hour(owner, frozen, hour):
    now = NOW.replace(hour=hour, minute=20)
    frozen.move_to(now)
    load(now)
    [incident] = live()
    assert (incident.title, incident.severity) == ("Search index is late or failed", 2)
    assert incident.acknowledged_at and incident.acknowledged_at < now
    assert [beat.name for beat in Heartbeat.objects.filter(status=Status.DOWN)] == ["Search index"]
    assert [one.incident.title for one in drafts()] == ["Payments is down"]
    assert (late_drafts(now).count(), late_actions(now).count()) == (0, 1)
    assert Run.objects.filter(status=RunStatus.OPEN).count() == 0


def test_it_has_a_believable_past(owner, now, frozen):
    load(now)
    assert Postmortem.objects.exclude(published_at=None).exclude(root_cause="").exists()
    assert Action.objects.exclude(done_at=None).exists() and Action.objects.filter(owner=None).count() == 0
    assert set(Run.objects.values_list("status", flat=True)) == {RunStatus.SIGNED, RunStatus.MISSED}
    assert set(JobRun.objects.values_list("outcome", flat=True)) >= {"success", "fail"}
    assert Answer.objects.filter(question="Average rating", number__gt=5).count() == 0
    assert not Incident.objects.filter(resolved_at__gt=now).exists()
    signed = Answer.objects.filter(run__status=RunStatus.SIGNED).select_related("run")
    assert not any(is_stale(answer, answer.run.signed_at or now) for answer in signed)
    assert Bucket.objects.filter(size=Size.DAY, degraded__gt=0).exists()


def test_it_compares_with_every_earlier_week(owner, frozen):
    sample_load(now=NOW, seed=1, days=400, say=lambda line: None)
    figures = WeeklyReport.objects.get(week="2026-W46").data["figures"]
    assert len(figures) == 8
    for figure in figures:
        known = [earlier["key"] for earlier in figure["earlier"] if earlier["value"] is not None]
        wanted = ["previous"] if figure["slug"].startswith("incidents.tt") else ["previous", "month", "year"]
        assert set(wanted) <= set(known), figure["slug"]


def test_it_never_mixes_with_real_services(owner, now, frozen):
    Service.objects.create(name="Real", slug="real")
    with pytest.raises(ValidationError, match="watches services already"):
        load(now)


def test_it_removes_nothing_where_there_is_no_sample(owner):
    assert sample_remove() == 0


def test_it_says_of_a_day_what_its_hours_say(owner, now, frozen):
    load(now)
    day = Bucket.objects.filter(size=Size.DAY).order_by("start")[20]
    hours = list(
        Bucket.objects.filter(
            probe=day.probe_id, size=Size.HOUR, start__range=(day.start, day.start + 86_399)
        )
    )
    assert [sum(getattr(hour, name) for hour in hours) for name in SUMS] == [
        getattr(day, name) for name in SUMS
    ]
    assert decode(" ".join(hour.histogram for hour in hours)) == decode(day.histogram)
