"""Published once, on Monday at seven, whatever happens in between."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from maintenance.reports import builder, services, tasks
from maintenance.reports.models import WeeklyReport
from maintenance.reports.watches import unpublished
from opsconsole.accounts.models import Team
from opsconsole.lib.periods import Week
from opsconsole.outbox.models import Channel, Delivery
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("old_team", "bare")]


@pytest.fixture(autouse=True)
def uptime(headline):
    values = [99.95]
    headline("acme.up", lambda period: values[-1], title="Uptime", unit="%", target=99.9, digits=2)
    return values


@pytest.fixture
def founder(db):
    return Channel.objects.create(
        kind="email", name="Founder", config={"to": "f@example.com"}, topics=["reports"]
    )


@pytest.fixture
def only_last_week(team):
    Team.objects.update(created_at=MONDAY - timedelta(days=5))


def weeks():
    return list(WeeklyReport.objects.order_by("week").values_list("week", flat=True))


def test_it_waits_for_seven_oclock_in_the_teams_zone(only_last_week):
    assert tasks.publish_due(MONDAY - timedelta(seconds=1)) == 0
    assert tasks.publish_due(MONDAY) == 1
    assert weeks() == ["2026-W46"]


def test_it_publishes_once(only_last_week, founder):
    tasks.publish_due(MONDAY)
    assert tasks.publish_due(MONDAY + timedelta(minutes=5)) == 0
    assert (WeeklyReport.objects.count(), Delivery.objects.count()) == (1, 1)


def test_it_never_changes_what_is_published(uptime, only_last_week):
    tasks.publish_due(MONDAY)
    before = WeeklyReport.objects.get().data
    uptime.append(12.0)
    again = services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY + timedelta(days=1))
    assert (again.data, again.published_at) == (before, MONDAY)


def test_it_gives_way_to_another_process_that_was_quicker(uptime, founder, monkeypatch):
    """Both found it unpublished; the second comes to the write after the first has committed."""
    built = builder.build

    def slowly(*arguments):
        data = built(*arguments)
        monkeypatch.setattr(builder, "build", built)
        services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY)
        return {**data, "late": True}

    monkeypatch.setattr(builder, "build", slowly)
    report = services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY)
    assert "late" not in report.data
    assert Delivery.objects.count() == 1


def test_it_leaves_nothing_half_done_when_it_dies_at_the_mail(founder, monkeypatch):
    monkeypatch.setattr(services, "message_broadcast", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY)
    assert (WeeklyReport.objects.count(), Delivery.objects.count()) == (0, 0)


def test_it_publishes_the_last_four_weeks_after_a_long_stop(founder):
    tasks.publish_due(MONDAY)
    assert weeks() == ["2026-W43", "2026-W44", "2026-W45", "2026-W46"]
    events = list(Delivery.objects.values_list("event", flat=True))
    assert events == ["report.weekly:2026-W46"]  # older ones stand at their address, but are news no more


def test_it_tells_nobody_of_a_sample_week(founder):
    services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY, mail=False)
    assert (WeeklyReport.objects.count(), Delivery.objects.count()) == (1, 0)


def test_it_publishes_nothing_before_there_is_a_team():
    Team.objects.all().delete()
    assert tasks.publish_due(MONDAY) == 0


def test_it_refuses_a_running_week():
    with pytest.raises(ValueError, match="when it is over"):
        services.report_publish(week=Week(2026, 47), zone=VIENNA, now=MONDAY)


def test_it_lets_no_responder_publish(responder):
    with pytest.raises(PermissionDenied):
        services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY, actor=responder)


def test_it_publishes_into_the_row_that_comments_made(only_last_week, manager):
    services.comment_add(actor=manager, week=WEEK, text="Quiet.", now=MONDAY - timedelta(days=2))
    tasks.publish_due(MONDAY)
    report = WeeklyReport.objects.get()
    assert (report.status, report.published_by, report.comments.count()) == ("published", "console", 1)


def test_it_cannot_be_published_without_a_time():
    with pytest.raises(IntegrityError):
        WeeklyReport.objects.create(week="2026-W46", status="published")


def test_it_tells_the_auditor_when_a_report_is_late(only_last_week):
    assert unpublished(MONDAY + timedelta(minutes=29)).count == 0
    assert unpublished(MONDAY + timedelta(minutes=31)).count == 1
    tasks.publish_due(MONDAY + timedelta(minutes=31))
    assert unpublished(MONDAY + timedelta(minutes=32)).count == 0


def test_it_tells_the_auditor_since_when_it_is_missing(founder):
    tasks.publish_due(MONDAY)
    week_later = MONDAY + timedelta(days=7)
    assert unpublished(week_later + timedelta(hours=1)).oldest == week_later


def test_it_keeps_the_zone_it_was_made_in(only_last_week):
    Team.objects.update(time_zone="America/New_York")
    assert tasks.publish_due(datetime(2026, 11, 16, 11, 59, tzinfo=UTC)) == 0
    tasks.publish_due(datetime(2026, 11, 16, 12, 0, tzinfo=UTC))
    assert WeeklyReport.objects.get().data["zone"] == "America/New_York"


def test_it_publishes_the_newer_weeks_when_an_older_one_cannot_be_built(monkeypatch):
    def build(week, *rest, build=builder.build):
        return 1 / 0 if week == Week(2026, 43) else build(week, *rest)

    monkeypatch.setattr(builder, "build", build)
    with pytest.raises(ZeroDivisionError):
        tasks.publish_due(MONDAY)
    assert weeks() == ["2026-W44", "2026-W45", "2026-W46"]
