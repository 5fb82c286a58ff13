"""Nobody is told of what is silenced or maintained; when that ends, what is left of it is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from monitoring.alerts.models import AlertChange, Group, Notice, Silence, Window
from monitoring.alerts.muting import Mutes
from monitoring.alerts.quieting import silence_create, silence_end
from monitoring.alerts.states import News
from monitoring.alerts.tasks import tell
from monitoring.alerts.windows import window_end
from opsconsole.accounts.roles import SYSTEM
from tests.conftest import NOW
from tests.incidents.make import service
from tests.monitoring.alerts.make import window, word

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def silence(matchers="alertname=~Disk.*", hours=2, now=NOW):
    return silence_create(actor=SYSTEM, matchers=matchers, reason="We know", lasts=hours * HOUR, now=now)


def told():
    return list(Notice.objects.values_list("news", flat=True))


def test_it_tells_nobody_of_what_is_silenced():
    silence(), word(), tell(NOW + MINUTE)
    assert told() == []
    assert AlertChange.objects.get(kind="hushed").note.startswith("silenced, We know")


def test_it_tells_at_its_end_what_still_fires():
    silence(), word(), tell(NOW + MINUTE)
    tell(NOW + 2 * HOUR - MINUTE)
    assert told() == []
    tell(NOW + 2 * HOUR)
    assert told() == [News.FIRST]


def test_it_never_tells_what_came_and_went_meanwhile():
    silence(), word(), tell(NOW + MINUTE), word(firing=False, minutes=5), tell(NOW + 6 * MINUTE)
    tell(NOW + 3 * HOUR)
    assert told() == []


def test_it_tells_at_its_end_what_is_over():
    word(), tell(NOW + MINUTE)
    silence(now=NOW + 2 * MINUTE), word(firing=False, minutes=5), tell(NOW + 6 * MINUTE)
    assert told() == [News.FIRST]
    tell(NOW + 2 * MINUTE + 2 * HOUR)
    assert told() == [News.FIRST, News.OVER]


def test_it_says_nothing_new_of_what_fired_before_and_after():
    word(), tell(NOW + MINUTE), silence(now=NOW + 2 * MINUTE), tell(NOW + 3 * HOUR)
    assert told() == [News.FIRST]


def test_it_tells_the_others_of_the_group():
    silence("kind=x\nalertname=Disk full"), silence("fingerprint=b")
    word(), word(fingerprint="b", labels={"fingerprint": "b"}), tell(NOW + MINUTE)
    assert [line.alert.fingerprint for line in Notice.objects.get().lines.all()] == ["a"]


def test_it_tells_when_a_silence_is_ended():
    row = silence()
    word(), tell(NOW + MINUTE)
    silence_end(actor=SYSTEM, silence=row, now=NOW + 5 * MINUTE)
    tell(NOW + 5 * MINUTE)
    assert told() == [News.FIRST]


def test_it_says_once_why(now):
    silence(), word(), tell(NOW + MINUTE)
    Group.objects.update(look_at=NOW)
    tell(NOW + 2 * MINUTE)
    assert AlertChange.objects.filter(kind="hushed").count() == 1


def test_it_tells_nobody_of_a_service_that_is_maintained():
    shop, docs = service("Checkout"), service("Docs")
    window(shop), word(service=shop), word(service=docs, fingerprint="b"), tell(NOW + MINUTE)
    assert Notice.objects.get().group.service == docs


def test_it_tells_when_maintenance_is_ended():
    shop = service("Checkout")
    row = window(shop)
    word(service=shop), tell(NOW + MINUTE)
    window_end(actor=SYSTEM, window=row, now=NOW + 5 * MINUTE), tell(NOW + 5 * MINUTE)
    assert told() == [News.FIRST]


@pytest.mark.parametrize(
    ("matchers", "fits"),
    [
        ("service=checkout", True),
        ("severity=P1", True),
        ("source=inbound:3", True),
        ("team=db", False),
        ("severity=P2", False),
    ],
)
def test_it_knows_what_the_console_knows_of_an_alert(matchers, fits):
    silence(matchers)
    assert bool(Mutes(NOW).of_alert(word(service=service("Checkout"), severity=1))) == fits


@pytest.mark.parametrize(
    "wrong", [{"matchers": "x"}, {"reason": " "}, {"lasts": timedelta(days=31)}, {"lasts": timedelta()}]
)
def test_it_refuses_a_silence_without_sense(wrong):
    with pytest.raises(ValidationError):
        silence_create(actor=SYSTEM, now=NOW, **({"matchers": "a=b", "reason": "r", "lasts": HOUR} | wrong))
    assert not Silence.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""}, {"repeats": "weekly"}, {"repeats": "weekly", "until": NOW + 500 * 24 * HOUR},
        {"repeats": "weekly", "until": NOW + 24 * HOUR, "weekdays": []},
        {"repeats": "weekly", "until": NOW + 24 * HOUR, "weekdays": [0]},
        {"repeats": "cron", "until": NOW + 240 * HOUR, "cron": "often"},
        {"repeats": "weekly", "until": NOW + 240 * HOUR, "weekdays": [0], "zone": "Mars"},
    ],
)  # fmt: skip
def test_it_refuses_a_window_without_sense(wrong):
    with pytest.raises(ValidationError):
        window(service("Checkout"), **wrong)
    assert not Window.objects.exists()


def test_it_wants_services():
    with pytest.raises(ValidationError):
        window()
