"""What /metrics says of what is under maintenance: that it is, and neither that it is up nor that it is down."""

from datetime import timedelta

import pytest

from monitoring.heartbeats import gauges as of_jobs
from monitoring.heartbeats.models import Heartbeat
from monitoring.probes import gauges as of_probes
from monitoring.probes.models import Probe
from tests.conftest import NOW
from tests.monitoring import make
from tests.monitoring.alerts.make import window

pytestmark = pytest.mark.django_db


def said(found, label: str) -> dict[str, dict[str, float]]:
    """{gauge: {whose: value}}"""
    return {one.name: {sample.labels.get(label, ""): sample.value for sample in one.samples} for one in found}


def test_it_says_of_probes_what_is_maintained(db):
    for name, status in (("Front", "down"), ("Docs", "up")):
        make.probe(name, service=make.service(name), status=status)
    window(Probe.objects.get(name="Front").service)
    found = said(of_probes.probes(NOW + timedelta(minutes=5)), "probe")
    assert found["probe_maintenance"] == {"Front": 1, "Docs": 0}
    assert (found["probe_up"], found["probe_slow"]) == ({"Docs": 1}, {"Docs": 0})


def test_it_says_of_jobs_what_is_maintained(db):
    for name, status in (("backup", "down"), ("report", "up")):
        make.heartbeat(name, service=make.service(name), status=status)
    window(Heartbeat.objects.get(slug="backup").service)
    found = said(of_jobs.heartbeats(NOW + timedelta(minutes=5)), "job")
    assert found["job_maintenance"] == {"backup": 1, "report": 0}
    assert found["job_up"] == {"report": 1}


def test_it_says_again_what_is_down_when_the_window_is_over(db):
    window(make.probe("Front", status="down").service, hours=1)
    found = said(of_probes.probes(NOW + timedelta(hours=1)), "probe")
    assert (found["probe_maintenance"], found["probe_up"]) == ({"Front": 0}, {"Front": 0})
