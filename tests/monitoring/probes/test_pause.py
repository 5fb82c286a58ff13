"""Pausing, resuming, running at once, deleting."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from monitoring.catalogue.models import StatusChange
from monitoring.probes.engine.store import store
from monitoring.probes.models import Probe
from monitoring.probes.services import probe_delete, probe_pause, probe_resume, probe_run_now
from opsconsole.lib.moments import to_ms
from opsconsole.measures.checks import checks
from tests.monitoring import make


@pytest.fixture
def probe(team):
    return make.probe(status="down")


def changes() -> list[tuple[str, str]]:
    return list(StatusChange.objects.order_by("id").values_list("old", "new"))


def test_it_stops_and_says_so(manager, probe, now):
    paused = probe_pause(actor=manager, probe=probe, now=now)
    assert (paused.status, paused.next_at) == ("paused", None)
    assert changes() == [("down", "paused")]


def test_it_pauses_once(manager, probe, now):
    probe_pause(actor=manager, probe=probe, now=now)
    probe_pause(actor=manager, probe=probe, now=now)
    assert len(changes()) == 1


def test_it_is_unknown_and_due_when_it_is_resumed(manager, probe, now):
    probe_pause(actor=manager, probe=probe, now=now)
    resumed = probe_resume(actor=manager, probe=probe, now=now + timedelta(hours=1))
    assert (resumed.status, resumed.next_at) == ("unknown", now + timedelta(hours=1))


def test_it_runs_at_once_for_a_responder(responder, probe, now):
    assert probe_run_now(actor=responder, probe=probe, now=now).next_at == now


def test_it_reads_the_certificate_anew_for_somebody_who_asks(responder, probe, now):
    """He has just renewed it; by itself it is read every six hours."""
    Probe.objects.update(certificate_seen_at=now, certificate_expires_at=now)
    probe_run_now(actor=responder, probe=probe, now=now)
    (claimed,) = store().claim(now=to_ms(now), horizon=to_ms(now), limit=1)
    assert claimed.wants_certificate(to_ms(now))
    assert "1 not seen lately" in checks["probes.certificates"].evidence(now).detail


def test_it_does_not_run_while_paused(manager, probe, now):
    probe_pause(actor=manager, probe=probe, now=now)
    with pytest.raises(ValidationError, match="resume it first"):
        probe_run_now(actor=manager, probe=probe, now=now)


def test_it_keeps_the_changes_of_a_deleted_probe(manager, probe, now):
    probe_delete(actor=manager, probe=probe, now=now)
    assert not Probe.objects.exists()
    assert changes() == [("down", "paused")]


@pytest.mark.parametrize("act", [probe_pause, probe_resume, probe_delete])
def test_it_needs_a_manager(responder, probe, now, act):
    with pytest.raises(PermissionDenied):
        act(actor=responder, probe=probe, now=now)
