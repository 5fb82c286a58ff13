"""Any JSON: usual names are guessed, paths are given, and nothing is lost that fits neither."""

import pytest

from monitoring.alerts.models import Alert
from monitoring.alerts.states import Level
from monitoring.inbound.mapping import BadPath, alert_of, check, found, guessed
from tests.monitoring.inbound.conftest import KEY, integration, states

URL = f"/in/webhook/{KEY}"


@pytest.fixture
def sender(db):
    return integration("webhook")


@pytest.mark.parametrize(
    "data",
    [
        {"title": "Disk is full", "status": "firing", "severity": "warning"},
        {"Subject": "Disk is full", "state": "ALERTING", "priority": "WARNING"},
        [{"summary": "Disk is full", "level": "warn"}],
    ],
)
def test_it_guesses_usual_names(post, sender, data):
    post(URL, data)
    alert = Alert.objects.get()
    assert (alert.title, alert.severity, alert.state) == ("Disk is full", Level.P2, "firing")


def test_it_ends_by_the_key(post, sender):
    post(URL, {"title": "Disk is 91 % full", "status": "firing", "key": "disk"})
    post(URL, {"title": "Disk is 40 % full", "status": "Resolved", "key": "disk"})
    assert states() == [("disk", "resolved")]


def test_it_takes_fields_from_where_people_say(post, sender):
    mapping = {
        "items": "$.events[*]",
        "title": "$.check.name",
        "state": "$.check.result",
        "over": "fine",
        "key": "$.id",
    }
    type(sender).objects.update(config={"mapping": mapping})
    post(
        URL,
        {
            "events": [
                {"id": n, "check": {"name": f"Check {n}", "result": r}} for n, r in enumerate(["bad", "fine"])
            ]
        },
    )
    assert states() == [("0", "firing")]


@pytest.mark.parametrize(
    "data", [{"x": 1}, [], [7], "text", None, {"title": ""}, {"title": None}, {"title": []}]
)
def test_it_opens_an_alert_for_what_has_no_title(post, sender, data):
    post(URL, data)
    assert Alert.objects.get().state == "firing"
    assert "what came" in Alert.objects.get().annotations


def test_it_takes_a_state_it_does_not_know_for_firing():
    assert alert_of({"title": "$.t", "state": "$.s"}, {"t": "x", "s": "purple"}).firing
    assert "not told" in alert_of({"title": "$.t"}, {"t": "x"}).annotations["state"]


@pytest.mark.parametrize("path", ["$.a[", "$..", "(", "$[?@.a =~ ]", "$" + "[0" * 9000])
def test_it_refuses_what_is_no_path(path):
    with pytest.raises(BadPath, match="no JSON path"):
        check(path)


@pytest.mark.parametrize("data", [None, 7, "x", [], {}])
def test_it_finds_nothing_where_nothing_is(data):
    assert found("$.a.b[0]", data) is None


def test_it_writes_paths_of_odd_names():
    assert found(guessed({"Alert Name": 1, "TITLE": "x"})["title"], {"TITLE": "x"}) == "x"


def test_its_preview_takes_the_usual_words_for_over_where_none_are_kept(post, sender, signed_in, manager):
    type(sender).objects.update(config={"mapping": {"title": "event", "key": "host", "state": "result"}})
    post(URL, {"event": "Backup", "host": "mail-1", "result": "ok"})
    page = signed_in(manager).get(f"/monitoring/inbound/{sender.pk}/mapping/").text
    assert '<span class="tag ok">Over</span> <b>Backup</b>' in page
