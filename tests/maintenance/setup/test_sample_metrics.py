"""What the sample company measures: its sums agree, its dashboards are alive, and its rules fired when they should."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.response.models import Incident
from maintenance.setup.sample.load import sample_load
from monitoring.alerts.judging import rules_judge
from monitoring.alerts.models import Alert, Rule
from monitoring.alerts.replaying import preview
from monitoring.alerts.rules import kinds
from monitoring.metrics import folding, rolls, stores
from monitoring.metrics.models import Bucket, Series, Size
from opsconsole.boards.models import Board
from opsconsole.boards.shipped import SHIPPED
from opsconsole.lib import clock, periods
from opsconsole.measures.models import DailyValue
from opsconsole.measures.selectors import read

pytestmark = pytest.mark.django_db
VIENNA = ZoneInfo("Europe/Vienna")


@pytest.fixture
def loaded(owner, now, frozen, team):
    sample_load(now=now, seed=1, days=45, say=lambda line: None)


def test_a_day_of_a_series_says_what_its_hours_say_and_those_what_their_minutes_say(loaded, now):
    for kind in ("gauge", "counter", "distribution"):
        series = Series.objects.filter(kind=kind).order_by("pk")[0]
        day = Bucket.objects.filter(series=series, size=Size.DAY).order_by("start")[25]  # of 24 hours
        hours = stores.between([series.pk], Size.HOUR, day.start, day.start + Size.DAY)
        whole = rolls.joined(kind, (roll for roll, _ in hours.values()))
        assert (
            stores.between([series.pk], Size.DAY, day.start, day.start + 1)[series.pk, day.start][0] == whole
        )
    end = clock.epoch(now) // Size.HOUR * Size.HOUR
    pks = Series.objects.filter(every=timedelta(hours=1)).values_list("pk", flat=True)
    before = stores.between(pks, Size.HOUR, end - 5 * Size.HOUR, end)
    stores.stale_note(before)
    folding.fold(now)
    assert stores.between(pks, Size.HOUR, end - 5 * Size.HOUR, end) == before


def test_every_dashboard_has_figures_whose_kept_days_are_what_they_read(loaded, now):
    assert [board.slug for board in SHIPPED.values() if not board.figures] == []
    for kept in DailyValue.objects.filter(measure__startswith="metric:", day=now.date() - timedelta(days=9)):
        judged = read(kept.measure, periods.day(kept.day, VIENNA))
        said = (judged.reading.value, judged.reading.n, judged.verdict, judged.reading.evidence_url)
        assert said == (kept.value, kept.n, kept.verdict, kept.evidence_url), kept.measure


def test_whoever_loads_it_has_a_board_and_sees_a_shared_one(loaded, owner, signed_in):
    page = signed_in(owner).get("/dashboards/").text
    assert "My morning" in page and "only yours" in page
    assert "Checkout and money" in page and "shared by Mia Berger" in page
    assert [len(board.figures) for board in Board.objects.order_by("name")] == [6, 5]


def test_rules_fired_in_the_troubles_that_they_watch_and_are_quiet_now(loaded, now):
    assert {rule.name for rule in Rule.objects.exclude(verdict="ok")} == set()
    rules_judge(now=now)
    assert [alert.title for alert in Alert.objects.firing()] == ["The disk of backup-1 is 91 % full"]
    assert Incident.objects.filter(
        title="Payments is down", alerts__title="Payments error rate is high"
    ).exists()
    alone = Incident.objects.get(title="Memory rises without levelling off")
    assert alone.alerts.get().ends_at and alone.resolved_at
    rule = Rule.objects.get(name=alone.title)
    assert len(preview(kinds[rule.kind], rule.subject, rule.config, now).firings) == 1
