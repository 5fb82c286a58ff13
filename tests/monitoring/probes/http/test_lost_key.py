"""Secrets that no key opens any more: the probe is not measured, its form can still be opened, and new ones can be given."""

import pytest
from django.conf import settings

from monitoring.probes.engine.batch import run_once
from monitoring.probes.models import Probe
from tests.monitoring import make
from tests.monitoring.probes.test_forms import given


@pytest.fixture
def lost(db, monkeypatch):
    probe = make.probe(secrets={"token": "hush"}, config={"sign_in": "bearer"})
    monkeypatch.setattr(settings, "SECRET_KEY", "another")
    return probe


def test_it_is_not_measured(lost, now):
    Probe.objects.update(next_at=now)
    run_once(now)
    probe = Probe.objects.get()
    assert (probe.last_outcome, "could not prepare this probe" in probe.last_error) == ("unknown", True)


def test_it_takes_new_ones(lost, manager, signed_in):
    client, path = signed_in(manager), f"/monitoring/probes/{lost.pk}/edit/"
    assert "no key of this console opens it any more" in client.get(path).text
    client.post(path, given(lost.service, sign_in="bearer", token="louder"))
    assert Probe.objects.get().secrets == {"token": "louder"}
