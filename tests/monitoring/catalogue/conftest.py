"""What watches services in these tests: plain signals and slices instead of probes."""

from datetime import timedelta

import pytest

from monitoring.catalogue.histories import Slice, histories
from monitoring.catalogue.sources import Signal, sources, states
from monitoring.catalogue.states import Status


@pytest.fixture
def watched(monkeypatch, now):
    """`watched(service, Status.DOWN, "answers 502")` adds a signal that began an hour ago."""
    signals: list[Signal] = []

    def watch(service, status=Status.UP, detail="", title="", kind="probe", since=now - timedelta(hours=1)):
        source, title = f"{kind}:{len(signals)}", title or f"{service.name} front page"
        signals.append(Signal(service.pk, source, title, status, detail, "/evidence/", since))

    def source(service_ids):
        return [s for s in signals if s.service_id in service_ids]

    monkeypatch.setattr(sources, "_entries", {"test": source})
    monkeypatch.setattr(states, "_entries", {})
    return watch


@pytest.fixture
def measured(monkeypatch):
    """`measured.append(Slice(…))` gives services a history."""
    slices: list[Slice] = []

    def history(wanted):
        length = 3600 if wanted.step == "hour" else 86400
        return [s for s in slices if s.length == length and wanted.start <= s.start < wanted.end]

    monkeypatch.setattr(histories, "_entries", {"test": history})
    return slices
