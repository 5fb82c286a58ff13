"""What the morning checklist asks about people and keys."""

from datetime import timedelta

import pytest
from axes.models import AccessFailureLog

from opsconsole.accounts.models import ApiKey, Scope, User
from opsconsole.accounts.services import api_key_create
from opsconsole.health.models import SweepRun
from opsconsole.measures.checks import checks
from tests.conftest import NOW


def look(slug, now=NOW):
    return checks[f"accounts.{slug}"].evidence(now)


def fail(times, at=NOW):
    rows = [AccessFailureLog(username="x@example.com", ip_address=f"192.0.2.{n % 3}") for n in range(times)]
    AccessFailureLog.objects.bulk_create(rows)
    AccessFailureLog.objects.update(attempt_time=at)


@pytest.mark.parametrize(("times", "verdict"), [(0, "ok"), (5, "ok"), (6, "look"), (20, "look"), (21, "bad")])
@pytest.mark.django_db
def test_it_judges_failed_sign_ins(times, verdict):
    fail(times)
    evidence = look("failed_sign_ins")
    assert (evidence.verdict, evidence.value) == (verdict, str(times))


@pytest.mark.django_db
def test_it_forgets_failures_after_a_day_and_says_from_where_they_came():
    fail(9)
    assert "from 3 addresses" in look("failed_sign_ins").detail
    assert look("failed_sign_ins", NOW + timedelta(hours=24, seconds=1)).verdict == "ok"


@pytest.mark.django_db
def test_it_names_who_was_locked_out_within_a_day():
    fail(3)
    assert (look("locked_out").verdict, look("locked_out").detail) == ("ok", "nobody in 24 hours")
    AccessFailureLog.objects.update(locked_out=True)
    assert look("locked_out").detail == "x@example.com: locked out after too many failures"
    assert look("locked_out").verdict == "look"


@pytest.mark.parametrize(("days", "verdict"), [(30, "ok"), (31, "look")])
def test_it_notices_who_stays_away(owner, viewer, days, verdict):
    User.objects.update(last_login=NOW)
    User.objects.filter(pk=viewer.pk).update(last_login=NOW - timedelta(days=days))
    assert look("inactive_people").verdict == verdict


def test_it_names_who_stays_away_and_forgets_the_deactivated(owner, viewer):
    User.objects.update(last_login=NOW)
    User.objects.filter(pk=viewer.pk).update(last_login=None, created_at=NOW - timedelta(days=40))
    assert look("inactive_people").detail == "Vera: not signed in for 30 days"
    User.objects.filter(pk=viewer.pk).update(is_active=False)
    assert look("inactive_people").verdict == "ok"


def test_it_notices_old_keys_that_are_open(viewer):
    api_key_create(actor=viewer, user=viewer, name="Prometheus", scope=Scope.READ)
    ApiKey.objects.update(created_at=NOW - timedelta(days=91))
    assert look("old_keys").detail == "Prometheus: older than 90 days"
    ApiKey.objects.update(revoked_at=NOW)
    assert look("old_keys").verdict == "ok"


@pytest.mark.django_db
def test_it_does_not_call_sweeps_fine_before_one_has_run():
    assert checks["health.sweeps_on_time"].evidence(NOW).verdict == "unknown"


@pytest.mark.django_db
def test_it_notices_a_late_sweep():
    SweepRun.objects.create(sweep="a", every_seconds=60, finished_at=NOW)
    assert checks["health.sweeps_on_time"].evidence(NOW).verdict == "ok"
    SweepRun.objects.create(sweep="b", every_seconds=60, finished_at=NOW - timedelta(minutes=10))
    assert checks["health.sweeps_on_time"].evidence(NOW).value == "1 of 2"
