"""/metrics: who may read it, and that Prometheus can."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed

from incidents.response.states import Severity
from monitoring.catalogue.states import Status
from opsconsole.accounts.models import Scope
from opsconsole.accounts.services import api_key_create
from opsconsole.health.exposition import Gauge, Sample, exposition, sources
from opsconsole.health.services import sweep_ran, sweeps_announce
from opsconsole.outbox.models import Channel
from tests.incidents import make as incidents
from tests.maintenance import make as maintenance
from tests.monitoring import make

pytestmark = pytest.mark.usefixtures("frozen", "team")
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.5"}


@pytest.fixture
def said(client):
    """Every sample as (name without the prefix, labels) → value."""

    def read():
        families = parsed(client.get("/metrics").text)
        found = [(s.name.removeprefix("opsconsole_"), s.labels, s.value) for f in families for s in f.samples]
        return {(name, *sorted(labels.items())): value for name, labels, value in found}

    return read


def test_it_is_read_from_this_machine(client):
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_it_does_not_take_a_proxy_of_this_machine_for_this_machine(client, header):
    assert client.get("/metrics", headers={header: "203.0.113.5"}).status_code == 401


def test_it_wants_a_key_from_elsewhere(client):
    answer = client.get("/metrics", **ELSEWHERE)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="metrics"')
    assert "API key" in answer.text


def test_it_takes_a_key_that_may_read(client, viewer):
    secret = api_key_create(actor=viewer, user=viewer, name="Prometheus", scope=Scope.READ)[1]
    assert (
        client.get("/metrics", headers={"Authorization": f"Bearer {secret}"}, **ELSEWHERE).status_code == 200
    )


def test_it_takes_no_session_for_a_key(signed_in, viewer):
    assert signed_in(viewer).get("/metrics", **ELSEWHERE).status_code == 401


def test_it_takes_no_post(client):
    assert client.post("/metrics").status_code == 405


def test_it_says_what_probes_found(said, now):
    make.probe("Front", status=Status.DOWN, last_ms=250)
    make.probe("Blog", status=Status.DEGRADED)
    make.probe("New")
    up = {key[2][1]: value for key, value in said().items() if key[0] == "probe_up"}
    assert up == {"Front": 0, "Blog": 1}  # of the new one it is not known


def test_it_says_how_jobs_and_incidents_stand(said):
    make.heartbeat("Backup", status=Status.UP, recent_seconds=[5, 90])
    incidents.incident(severity=Severity.P1)
    found = said()
    assert found["job_duration_seconds", ("job", "backup"), ("service", "web-shop")] == 90
    assert found["incidents_open", ("severity", "P1")] == 1
    assert found["incidents_open", ("severity", "P0")] == 0


def test_it_says_which_sweep_is_late(said, now):
    sweeps_announce(table={"health.audit": timedelta(minutes=1)})
    sweep_ran(sweep="health.audit", now=now - timedelta(minutes=10))
    assert said()["sweep_late", ("sweep", "health.audit")] == 1


def test_it_says_how_large_the_database_is(said):
    assert said()["database_bytes",] > 10_000


@pytest.mark.parametrize("name", ['say "hi"', "back\\slash", "two\nlines", "{braces}"])
def test_it_survives_odd_names(said, name):
    Channel.objects.create(name=name, kind="email")
    assert any(("channel", name) in key for key in said())


def test_it_repeats_nothing_and_keeps_to_the_rules_of_names(client):
    maintenance.run()
    make.probe("Front", last_ms=1)
    incidents.incident()
    families = list(parsed(client.get("/metrics").text))
    names = [family.name for family in families]
    assert len(names) == len(set(names))
    assert all(family.documentation and family.name.startswith("opsconsole_") for family in families)
    assert not [
        name for name in names if name.endswith(("_total", "_count", "_sum", "_bucket", "_ms", "_minutes"))
    ]
    samples = [(s.name, *sorted(s.labels.items())) for family in families for s in family.samples]
    assert len(samples) == len(set(samples))


def test_it_leaves_out_what_has_no_value(monkeypatch, now):
    empty, some = Gauge("empty", "Nothing."), Gauge("some", "Something.", [Sample(1.5, {"a": "b"})])
    monkeypatch.setattr(sources, "_entries", {"test": lambda moment: [empty, some]})
    assert (
        exposition(now)
        == '# HELP opsconsole_some Something.\n# TYPE opsconsole_some gauge\nopsconsole_some{a="b"} 1.5\n'
    )


def test_it_asks_a_constant_number_of_queries(client, django_assert_max_num_queries):
    for n in range(30):
        make.probe(f"Probe {n}", last_ms=1)
        make.heartbeat(f"Job {n}")
    with django_assert_max_num_queries(45):
        client.get("/metrics")


def test_it_tells_which_channels_fail_and_nothing_of_those_that_nobody_tried(said):
    for health in ("untried", "works", "failing"):
        Channel.objects.create(kind="webhook", name=health, config={}, health=health)
    failing = {
        dict(labels)["channel"]: value
        for (name, *labels), value in said().items()
        if name == "channel_failing"
    }
    assert failing == {"works": 0, "failing": 1}
