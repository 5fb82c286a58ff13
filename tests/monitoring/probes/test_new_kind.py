"""A new kind of probe is one file: what it registers can be chosen, tried, and is asked by the engine."""

import pytest
from django import forms

from monitoring.catalogue.states import Status
from monitoring.probes.kinds import Kind, Target, Verdict, kinds
from monitoring.probes.models import Probe
from monitoring.probes.questions import Question
from opsconsole.lib.http.easy import Request
from tests.monitoring import make
from tests.monitoring.probes.test_forms import NEW, given
from tests.sinks import WebhookSink

TEAPOT = f"{NEW}?kind=teapot"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]


class TeapotForm(Question):
    url = forms.CharField()
    FIRST = ("url",)


def clean(config, secrets):
    return {"url": config["url"]}, {}


def judge(answer):
    return Verdict(Status.UP) if answer.code == 418 else Verdict(Status.DOWN, "It is no teapot.")


def target(config, secrets, timeout):
    return Target(Request(url=config["url"], timeout=timeout), judge, "127.0.0.1")


@pytest.fixture
def teapot(monkeypatch):
    monkeypatch.setattr(kinds, "_entries", dict(kinds.items()))
    return kinds.register(
        "teapot", Kind("teapot", "Teapot", TeapotForm, clean, target, lambda config: config["url"])
    )


def test_it_is_chosen_and_tried(teapot, signed_in, manager):
    client = signed_in(manager)
    make.service()
    assert "?kind=teapot" in client.get(NEW).text
    assert "Expected status" not in client.get(TEAPOT).text
    with WebhookSink(418, 200) as pot:
        filled = given(make.service(), url=pot.url)
        assert "no teapot" not in client.post(TEAPOT, filled | {"try": "1"}).text
        assert "no teapot" in client.post(TEAPOT, filled | {"try": "1"}).text
        client.post(TEAPOT, filled)
    assert Probe.objects.get().kind == "teapot"


def test_it_lets_nobody_choose_while_there_is_one_kind(signed_in, manager, monkeypatch):
    monkeypatch.setattr(kinds, "_entries", {"http": kinds["http"]})
    assert "kind=" not in signed_in(manager).get(NEW).text


def test_it_knows_no_other_kinds(signed_in, manager):
    assert signed_in(manager).get(f"{NEW}?kind=kettle").status_code == 404
