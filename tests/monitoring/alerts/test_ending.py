"""People say that an alert is over which nobody else will end."""

from datetime import timedelta

import pytest
from django.urls import reverse

from monitoring.alerts.models import Alert
from monitoring.alerts.tasks import tell
from tests.conftest import NOW
from tests.monitoring.alerts.make import word

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def press(signed_in, responder):
    client = signed_in(responder)
    return lambda alert: client.post(reverse("alerts:end", args=[alert.pk]), follow=True).content.decode()


def test_it_is_over_and_says_who_said_so(press, frozen):
    alert = word()
    frozen.shift(timedelta(minutes=5))
    page = press(alert)
    assert "“Disk full” is over." in page
    assert "Said to be over, by Rafi" in page
    assert "It is over</button>" not in page
    assert Alert.objects.get().ends_at == NOW + timedelta(minutes=5)


def test_it_is_told_like_any_other_end(press, frozen):
    alert = word()
    tell(NOW + timedelta(minutes=1))
    frozen.shift(timedelta(minutes=5))
    press(alert)
    tell(NOW + timedelta(minutes=6))
    assert [line.firing for line in alert.lines.order_by("pk")] == [True, False]


def test_it_begins_anew_when_it_fires_later(press, frozen):
    alert = word()
    frozen.shift(timedelta(minutes=5))
    press(alert), word(minutes=4), word(minutes=7)
    assert list(Alert.objects.order_by("pk").values_list("state", flat=True)) == ["resolved", "firing"]


def test_it_is_over_once(press):
    alert = word()
    word(firing=False)
    assert "“Disk full” was over already." in press(alert)
    assert not alert.changes.filter(kind="ended").exists()


def test_it_leaves_rules_to_themselves(press):
    alert = word(source="rule:1")
    assert "A rule of the console ends its alerts itself" in press(alert)
    assert Alert.objects.get().is_firing()


def test_it_says_that_what_flaps_is_not_over_yet(press, frozen):
    for n in range(5):
        alert = word(n % 2 == 0, n)
    frozen.shift(timedelta(minutes=6))
    assert "goes on and off: it is over once" in press(alert)


def test_it_is_for_those_who_respond(signed_in, viewer):
    alert = word()
    client = signed_in(viewer)
    assert client.post(reverse("alerts:end", args=[alert.pk])).status_code == 403
    assert "It is over</button>" not in client.get(reverse("alerts:detail", args=[alert.pk])).text
    assert Alert.objects.get().is_firing()
