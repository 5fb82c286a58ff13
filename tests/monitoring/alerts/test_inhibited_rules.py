"""What the console's own rules say is silenced, and silences, like what other systems say."""

import pytest

from monitoring.alerts.models import Alert
from monitoring.alerts.tasks import judge
from tests.conftest import NOW
from tests.monitoring.alerts import make
from tests.monitoring.alerts.test_inhibitions import at, database, rule, slow, told
from tests.monitoring.alerts.test_judging import LATE
from tests.monitoring.make import service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]


@pytest.fixture
def errors() -> Alert:
    """An alert of the console's own, that began a minute before all others."""
    make.series([2] * 10)
    make.rule(name="High error rate")
    judge(NOW + LATE)
    return Alert.objects.get()


def inhibitor(alert: Alert) -> str:
    alert.refresh_from_db()
    return str(alert.inhibited_by or "")


@pytest.mark.parametrize("target", ["alertname=High error rate", "source=~rule:.*", "severity=P1"])
def test_it_is_silent_while_an_alert_of_another_system_fires(errors, target):
    rule(target=target), database(severity=0), at(2), at(9)
    assert (inhibitor(errors), told(errors)) == ("Database", [])


def test_it_is_told_when_the_other_is_over(errors):
    rule(target="alertname=High error rate"), database(), at(2), database(False, 3), at(3), at(3.1)
    assert (inhibitor(errors), told(errors)) == ("", [True])


def test_it_silences_what_other_systems_say(errors):
    rule(source="alertname=High error rate"), slow(minutes=1), at(2), at(9)
    assert inhibitor(Alert.objects.get(title="Slow")) == "High error rate"
    assert told(errors) == [True]


def test_it_silences_another_rule_by_service():
    shop = service("Shop")
    for slug, name in (("errors", "High error rate"), ("memory", "Memory")):
        make.series([2] * 10, slug)
        make.rule(subject=f"metric:{slug}", name=name, service=shop)
    rule("alertname=High error rate", "alertname=Memory", equal="service")
    judge(NOW + LATE), at(2), at(9)
    assert inhibitor(Alert.objects.get(title="Memory")) == "High error rate"
