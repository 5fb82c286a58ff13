"""A new kind of probe is one file: what it registers can be chosen, tried, and is asked by the engine."""

import pytest

from monitoring.catalogue.states import Status
from monitoring.probes.kinds import Kind, Target, Verdict, kinds
from monitoring.probes.models import Probe
from opsconsole.lib.http.easy import Request
from tests.monitoring import make
from tests.monitoring.probes.test_forms import NEW, given
from tests.sinks import WebhookSink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]


def clean(config, secrets):
    return {"url": config["url"]}, {}


def judge(answer):
    return Verdict(Status.UP) if answer.code == 418 else Verdict(Status.DOWN, "It is no teapot.")


def target(config, secrets, timeout):
    return Target(Request(url=config["url"], timeout=timeout), judge, "127.0.0.1")


@pytest.fixture
def teapot(monkeypatch):
    monkeypatch.setattr(kinds, "_entries", dict(kinds.items()))
    return kinds.register("teapot", Kind("teapot", "Teapot", clean, target, lambda config: config["url"]))


def test_it_is_chosen_and_tried(teapot, signed_in, manager):
    client = signed_in(manager)
    assert "Teapot" in client.get(NEW).text
    with WebhookSink(418, 200) as pot:
        filled = given(make.service(), kind="teapot", url=pot.url)
        assert "no teapot" not in client.post(NEW, filled | {"try": "1"}).text
        assert "no teapot" in client.post(NEW, filled | {"try": "1"}).text
        client.post(NEW, filled)
    assert Probe.objects.get().kind == "teapot"


def test_it_asks_nobody_while_there_is_one_kind(signed_in, manager):
    assert 'name="kind"' not in signed_in(manager).get(NEW).text
