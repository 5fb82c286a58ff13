"""The pages of alerts: what fires, what there was, and the story of one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from monitoring.alerts.groups import due, group_tell
from monitoring.alerts.models import Alert
from monitoring.alerts.origins import Origin, origins
from monitoring.alerts.pages import board_of
from monitoring.alerts.tasks import tell
from tests.monitoring.alerts.make import word

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def seen(signed_in, viewer):
    client = signed_in(viewer)
    return lambda name, *args, **query: client.get(
        reverse(f"alerts:{name}", args=args), query
    ).content.decode()


def test_it_says_that_nothing_fires(seen):
    assert "No alert fires." in seen("list")
    assert "No alert was ever heard of" in seen("list")
    assert "See the ready rules" in seen("list")


def test_it_shows_what_fires_in_groups(seen):
    word(severity=1), word(fingerprint="b")
    said = seen("list")
    assert "2 alerts fire." in said
    assert "Disk full: 2 alerts" in said


@pytest.mark.parametrize(
    ("words", "beside"),
    [
        ([{}], "Source"),
        ([{}, {"fingerprint": "b"}], "Source"),
        ([{"title": "Full", "labels": {"alertname": "Disk full"}}], "Disk full · Source"),
        (
            [{"labels": {"alertname": "Disks"}}, {"labels": {"alertname": "Disks"}, "fingerprint": "b"}],
            "Disk full",
        ),
        (
            [{"fingerprint": str(n), "title": f"Disk {n}", "labels": {"alertname": "D"}} for n in range(9)],
            "Disk 8, Disk 7, Disk 6 and 6 more",
        ),
    ],
)
def test_it_says_beside_a_title_what_that_does_not(now, monkeypatch, words, beside):
    monkeypatch.setattr(origins, "_entries", {"test": lambda: {"inbound:3": Origin("Source")}})
    for said in words:
        word(**said)
    assert board_of(now).rows[0].beside == beside


def test_it_narrows_the_history(seen):
    word(), word(fingerprint="b", title="Queue long"), word(firing=False, fingerprint="b", minutes=1)
    history = seen("list", q="queue").partition('id="history"')[2]
    assert "Queue long" in history
    assert "Disk full" not in history
    assert "Disk full" not in seen("list", state="resolved").partition('id="history"')[2]
    assert "No alert fits" in seen("list", q="nothing like it")


def test_it_shows_what_flaps(seen):
    for n in range(5):
        word(n % 2 == 0, n)
    assert all("Flapping" in part for part in seen("list", state="flapping").split('id="history"'))
    assert "No alert fits" in seen("list", state="flapping", q="queue")


def test_it_turns_no_text_into_markup(seen):
    alert = word(
        title="<b>x</b>", url="javascript:alert(1)", labels={"a": "<i>", "b": ""}, annotations={"c": "<u>"}
    )
    said = seen("detail", alert.pk) + seen("list")
    assert not any(mark in said for mark in ("<b>x", "<i>", "<u>", "javascript:"))
    assert ">empty<" in said


def test_it_says_why_nobody_was_told_yet(seen, frozen):
    alert = word()
    assert "Its group waits 30 s for others before it is told." in seen("detail", alert.pk)


def test_it_says_that_it_was_over_too_soon(seen, now):
    alert = word(), word(firing=False, minutes=0.2, now=now + timedelta(minutes=1))
    tell(now + timedelta(minutes=1))
    assert "nobody was told" in seen("detail", alert[0].pk)


def test_it_says_when_it_was_told(seen, now):
    alert = word()
    tell(now + timedelta(minutes=1))
    said = seen("detail", alert.pk)
    assert "It was told at" in said
    assert "Told as the first of its group" in said


def test_it_lists_a_group(seen):
    group = word().group
    word(fingerprint="b", title="Disk full")
    assert seen("group", group.pk).count('class="row"') == 2


def test_it_is_lost_without_an_alert(signed_in, viewer):
    assert signed_in(viewer).get(reverse("alerts:detail", args=[9])).status_code == 404


def test_it_counts_in_the_navigation(seen):
    word()
    assert "1 alert firing" in seen("list")


def test_it_asks_as_much_for_many_as_for_few(signed_in, viewer, now, django_assert_max_num_queries):
    for n in range(60):
        word(fingerprint=str(n), title=f"Disk {n}")
    for pk in due(now + timedelta(minutes=1)):
        group_tell(pk=pk, now=now + timedelta(minutes=1))
    client = signed_in(viewer)
    with django_assert_max_num_queries(20):
        client.get(reverse("alerts:list"))
    with django_assert_max_num_queries(20):
        client.get(reverse("alerts:detail", args=[Alert.objects.latest("pk").pk]))
