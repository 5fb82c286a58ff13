"""What systems and people tell of changes becomes rows, once each."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError

from monitoring.changes.models import Change
from monitoring.changes.services import KEPT, change_note, change_remove, change_take
from monitoring.changes.tasks import prune
from opsconsole.lib.sweeps import sweeps
from tests.monitoring import make

pytestmark = pytest.mark.django_db


def take(now, key="deploy-1", **fields):
    return change_take(source="GitHub", summary="Checkout 4.2", dedup_key=key, now=now, **fields)


def test_it_takes_a_repetition_as_the_same_change(now):
    assert take(now) == take(now + timedelta(minutes=1))
    assert Change.objects.get().noted_at == now


def test_it_keeps_the_time_at_which_it_was_done(now):
    done = now - timedelta(minutes=20)
    assert take(now, at=done).at == done


@pytest.mark.parametrize("off", [timedelta(days=3), -KEPT, timedelta(days=-9000)])
def test_it_takes_a_time_that_cannot_be_for_the_present(now, off):
    assert take(now, at=now + off).at == now


def test_it_cuts_what_is_too_long_instead_of_losing_it(now):
    change = take(now, author="x" * 500, details="y" * 90_000, url="javascript:alert(1)")
    assert (len(change.author), len(change.details), change.url) == (120, 20_000, "")


@pytest.mark.parametrize(("told", "kept"), [("deploy", "deploy"), ("party", "other")])
def test_it_knows_five_kinds(now, told, kept):
    assert take(now, kind=told).kind == kept


def test_it_has_a_sentence_where_the_summary_is_empty(now):
    assert change_take(source="", summary=" ", dedup_key="x", now=now).summary == "A change without a summary"


def test_it_leaves_the_trail_to_people(responder, now):
    LogEntry.objects.all().delete()
    take(now)
    assert not LogEntry.objects.exists()
    change_remove(
        actor=responder, change=change_note(actor=responder, summary="Flag on", kind="flag", now=now)
    )
    assert LogEntry.objects.count() == 2


def test_it_refuses_a_plan(responder, now):
    with pytest.raises(ValidationError, match="lies ahead"):
        change_note(actor=responder, summary="x", kind="flag", now=now, at=now + timedelta(days=1))


def test_it_asks_for_a_role(viewer, now):
    with pytest.raises(PermissionDenied):
        change_note(actor=viewer, summary="x", kind="flag", now=now)


def test_it_forgets_after_400_days(now):
    kept = make.change(at=now - KEPT)
    make.change(at=now - KEPT - timedelta(minutes=1))
    assert (prune(now), list(Change.objects.all())) == (1, [kept])
    assert "changes.prune" in sweeps
