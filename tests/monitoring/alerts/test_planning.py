"""What is told together, and when, as the team has set it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from incidents.response.models import Incident
from incidents.response.tasks import notices_consume
from monitoring.alerts.grouping import By, Plan
from monitoring.alerts.models import Group, Grouping, Notice
from monitoring.alerts.planning import grouping_change
from monitoring.alerts.states import News
from monitoring.alerts.tasks import tell
from opsconsole.accounts.roles import SYSTEM
from tests.conftest import NOW
from tests.incidents.make import service
from tests.monitoring.alerts.make import word

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
USUAL: dict[str, Any] = {
    "by": "service",
    "labels": "",
    "wait": MINUTE / 2,
    "interval": 5 * MINUTE,
    "repeat": 240 * MINUTE,
}


def change(now=NOW, **fields):
    return grouping_change(actor=SYSTEM, now=now, **(USUAL | fields))


def place(by, *names, labels=None, fingerprint="f"):
    given: dict[str, Any] = {"source": "s", "fingerprint": fingerprint, "title": "T", "service_id": 7}
    return Plan(by, names).place(labels=labels or {}, **given)


def told():
    return list(Notice.objects.values_list("news", flat=True))


def test_it_groups_by_labels():
    assert place(By.LABELS, "a", "b", labels={"a": "1", "b": "2", "c": "3"})[1] == "1 · 2"
    assert place(By.LABELS, "a", labels={}) != place(By.LABELS, "a", labels={"a": ""})
    assert place(By.LABELS, "a", labels={})[1] == "Without a"


def test_it_groups_all_or_none():
    assert place(By.ALL) == place(By.ALL, fingerprint="g")
    assert place(By.EACH) != place(By.EACH, fingerprint="g")


def test_it_keeps_long_values_apart():
    keys = {place(By.LABELS, "a", labels={"a": "x" * 500 + end})[0] for end in "12"}
    assert len(keys) == 2
    assert all(len(key) <= 300 for key in keys)


def test_it_groups_across_services():
    change(by="labels", labels="cluster")
    for name in ("Checkout", "Docs"):
        word(service=service(name), fingerprint=name, labels={"cluster": "eu"})
    tell(NOW + MINUTE), notices_consume(NOW + MINUTE)
    assert Group.objects.get().title == "eu"
    assert {str(one) for one in Incident.objects.get().affected.all()} == {"Checkout", "Docs"}


def test_it_keeps_incidents_of_long_groups_apart():
    change(by="labels", labels="a")
    for end in "12":
        word(fingerprint=end, labels={"a": "x" * 200 + end})
    tell(NOW + MINUTE), notices_consume(NOW + MINUTE)
    assert Incident.objects.count() == 2


def test_it_waits_as_long_as_it_is_set():
    change(wait=5 * MINUTE), word()
    assert tell(NOW + 4 * MINUTE) == 0
    assert tell(NOW + 5 * MINUTE) == 1


def test_it_tells_at_once_without_a_wait():
    change(wait=timedelta()), word()
    assert tell(NOW) == 1


def test_it_keeps_open_groups_together():
    word(fingerprint="a"), tell(NOW + MINUTE), change(NOW + 2 * MINUTE, by="each")
    word(fingerprint="b", minutes=3), word(fingerprint="a", minutes=4)
    assert [group.alerts.count() for group in Group.objects.order_by("pk")] == [1, 1]
    word(False, 5), tell(NOW + 5 * MINUTE)
    assert told() == [News.FIRST, News.FIRST, News.OVER]


def test_it_says_again_sooner_when_that_is_wanted():
    word(), tell(NOW + MINUTE), change(NOW + 60 * MINUTE, repeat=30 * MINUTE)
    tell(NOW + 60 * MINUTE)
    assert told() == [News.FIRST, News.AGAIN]


def test_it_says_nothing_again_before_the_later_time():
    word(), tell(NOW + MINUTE), change(NOW + 2 * MINUTE, repeat=600 * MINUTE)
    tell(NOW + 300 * MINUTE)
    assert told() == [News.FIRST]
    tell(NOW + 601 * MINUTE)
    assert told() == [News.FIRST, News.AGAIN]


def test_it_tells_no_earlier_for_a_change_than_was_waited_for():
    word(), change(NOW + MINUTE / 6, wait=MINUTE)
    assert tell(NOW + MINUTE / 6) == 0
    assert tell(NOW + MINUTE / 2) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"wait": 11 * MINUTE}, {"interval": MINUTE / 2}, {"repeat": MINUTE}, {"by": "labels"}, {"by": "labels", "labels": "a="},
     {"interval": 60 * MINUTE, "repeat": 30 * MINUTE}],
)  # fmt: skip
def test_it_refuses_what_makes_no_sense(wrong):
    with pytest.raises(ValidationError):
        change(**wrong)
    assert not Grouping.objects.exists()


def post(client, **fields):
    given = {"by": "service", "labels": "", "wait": "30 s", "interval": "5 min", "repeat": "4 h"}
    return client.post(reverse("alerts:grouping"), given | fields)


def test_it_is_set_on_its_page(signed_in, manager):
    client = signed_in(manager)
    assert (
        "Alerts of one service are told together: 30 s after the first"
        in client.get(reverse("alerts:grouping")).text
    )
    assert post(client, by="labels", labels="cluster, service", wait="1 min").status_code == 302
    said = client.get(reverse("alerts:grouping")).text
    assert "Alerts that are alike in cluster and service are told together: 1 min after the first" in said
    assert 'value="cluster, service"' in said


@pytest.mark.parametrize("wrong", [{"wait": "1 h"}, {"by": "labels"}, {"by": "x"}, {"repeat": "soon"}])
def test_it_says_what_is_wrong(signed_in, manager, wrong):
    assert 'class="errors"' in post(signed_in(manager), **wrong).text
    assert not Grouping.objects.exists()


def test_it_is_read_by_all_and_set_by_managers(signed_in, responder):
    client = signed_in(responder)
    assert "Change it" not in client.get(reverse("alerts:grouping")).text
    assert post(client).status_code == 403
