"""Rules that are due are judged, and what they say becomes alerts."""

from datetime import timedelta
from typing import Any

import pytest

from monitoring.alerts.models import Alert, Rule
from monitoring.alerts.ruling import rule_create, rule_remove, rule_switch, rule_update
from monitoring.alerts.tasks import judge
from monitoring.alerts.watches import unjudged
from monitoring.metrics.models import Bucket, Series
from opsconsole.accounts.roles import SYSTEM
from tests.conftest import NOW
from tests.monitoring.alerts import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
MINUTE = timedelta(minutes=1)
LATE = timedelta(seconds=40)  # samples may come half a minute late


def states():
    return list(Alert.objects.order_by("pk").values_list("state", flat=True))


def go_on(values, minutes):
    """More values, and the sweep after them."""
    end = NOW + minutes * MINUTE
    make.series(values, end=end)
    judge(end + LATE)


def test_it_fires(now):
    make.series([2] * 10)
    rule = make.rule()
    assert judge(now + LATE) == 1
    alert = Alert.objects.get()
    assert (alert.title, alert.severity, alert.source) == ("High error rate", 1, rule.source)
    assert alert.annotations["summary"] == "It is 2, over 1 for 5 min."


def test_it_ends(now):
    make.series([2] * 10)
    make.rule()
    judge(now + LATE), go_on([0], 1)
    assert states() == ["resolved"]
    assert Rule.objects.get().verdict == "ok"


def test_it_sees_how_much_a_counter_grows(now):
    """Read once a minute, no minute has two readings to hold against each other."""
    make.series([100, 110, 120, 130, 140, 150, 160], kind="counter")
    Bucket.objects.update(total=0)
    make.rule(config={"limit": 5})
    judge(now + LATE)
    assert Alert.objects.get().annotations["summary"] == "It is 10, over 5 for 5 min."


@pytest.mark.parametrize(("minutes", "verdict"), [(14, "ok"), (17, "firing"), (60 * 24 * 5, "firing")])
def test_it_notices_to_the_minute_that_nothing_comes(now, minutes, verdict):
    make.series([1] * 10, end=now - minutes * MINUTE)
    Series.objects.update(last_at=now - (minutes + 1) * MINUTE)
    make.rule("absence", config={"lasts": 900})
    judge(now)
    assert Rule.objects.get().verdict == verdict


@pytest.mark.parametrize("gap", [5 * MINUTE, 60 * MINUTE, 24 * 60 * MINUTE])
def test_it_judges_what_comes_seldom_by_its_last_value(now, gap):
    size = 60 if gap <= 60 * MINUTE else 3600  # what is older is kept by the hour
    make.series([2, 2], end=now - gap + 3 * MINUTE, size=size, usual_gap=gap.total_seconds())
    make.rule(config={"side": "above", "limit": 1, "lasts": 300})
    judge(now + LATE)
    assert Rule.objects.get().verdict == "firing"


def test_what_comes_seldom_is_unknown_once_the_next_value_is_overdue(now):
    make.series([2, 2], end=now - 70 * MINUTE, usual_gap=1800)
    make.rule(config={"side": "above", "limit": 1, "lasts": 300})
    judge(now + LATE)
    assert Rule.objects.get().verdict == "unknown"


def test_it_judges_the_others_when_one_cannot_be_judged(now):
    make.series([2] * 10)
    broken, sound = make.rule(), make.rule()
    Rule.objects.filter(pk=broken.pk).update(config={}, verdict="ok")
    judge(now + LATE)
    assert [rule.verdict for rule in Rule.objects.order_by("pk")] == ["unknown", "firing"]
    assert Rule.objects.get(pk=broken.pk).sentence == "The console failed to judge it (KeyError)."
    assert Alert.objects.get().source == sound.source


def test_it_goes_on_firing_while_nobody_knows(now):
    make.series([2] * 10)
    make.rule()
    judge(now + LATE), judge(now + 20 * MINUTE)
    assert Rule.objects.get().verdict == "unknown"
    assert states() == ["firing"]
    go_on([2] * 5, 30)
    assert states() == ["firing"]


def test_it_says_from_the_first_why_nobody_knows(now):
    make.series([2], end=now - 60 * MINUTE)
    make.rule()
    judge(now + LATE)
    rule = Rule.objects.get()
    assert (rule.verdict, rule.sentence) == ("unknown", "There are too few values of the last 5 min.")


def test_it_does_not_fire_for_what_is_not_known(now):
    make.rule()
    judge(now)
    assert not Alert.objects.exists()


def test_it_waits_for_what_comes_late(now):
    """The last minute may still get samples: it is judged half a minute after its end."""
    make.series([2] * 4 + [0, 2])
    make.rule(config={"lasts": 60})
    judge(now + timedelta(seconds=10))
    assert states() == []
    Rule.objects.update(due_at=now)
    judge(now + LATE)
    assert states() == ["firing"]


def test_it_is_judged_when_it_is_due(now):
    make.rule()
    assert [judge(now), judge(now + MINUTE / 2), judge(now + MINUTE)] == [1, 0, 1]


def test_it_reads_rules_together(now, django_assert_max_num_queries):
    make.series([0] * 10)
    for _ in range(30):
        make.rule(verdict="ok")
    with django_assert_max_num_queries(8):
        judge(now + LATE)


def test_it_ends_what_a_rule_said_that_is_switched_off(now):
    make.series([2] * 10)
    rule = make.rule()
    judge(now + LATE)
    rule_switch(actor=SYSTEM, rule=rule, on=False, now=now + MINUTE)
    assert (states(), judge(now + 2 * MINUTE)) == (["resolved"], 0)


def test_it_ends_what_a_rule_said_that_is_removed(now):
    make.series([2] * 10)
    rule = make.rule()
    judge(now + LATE)
    rule_remove(actor=SYSTEM, rule=rule, now=now + MINUTE)
    assert states() == ["resolved"]


def test_it_is_judged_anew_when_it_is_changed(now):
    make.series([2] * 10)
    rule = make.rule()
    judge(now + LATE)
    fields: dict[str, Any] = {"name": "E", "subject": rule.subject, "severity": 2, "service": None}
    rule_update(actor=SYSTEM, rule=rule, now=now + MINUTE, side="above", limit=9, lasts=5 * MINUTE, **fields)
    judge(now + MINUTE)
    assert (states(), Rule.objects.get().verdict) == (["resolved"], "ok")


def test_it_keeps_what_its_kind_asks_for(now):
    rule = rule_create(
        actor=SYSTEM, kind="absence", name=" Gone ", subject="metric:a", severity=2, service=None, now=now, lasts=MINUTE
    )  # fmt: skip
    assert (rule.name, rule.config) == ("Gone", {"lasts": 60})


def test_it_says_when_rules_are_not_judged(now):
    make.rule()
    assert unjudged(now + 3 * MINUTE).count == 1
