"""Rules on figures that are kept per day: the newest of them is of the 24 hours until now."""

from datetime import date, timedelta
from typing import Any

import pytest

from monitoring.alerts.models import Alert, Rule
from monitoring.alerts.subjects import points_of
from monitoring.alerts.tasks import judge
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import Fold, measure, measures
from opsconsole.measures.verdicts import Reading
from tests.conftest import NOW
from tests.monitoring.alerts import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
DAY = timedelta(days=1)
SLUG = "acme.answered"
LESS = {"side": "below", "limit": 95, "lasts": 300}


@pytest.fixture
def read(monkeypatch):
    """What the figure says of the periods that it is asked for; by default 100 for every one."""
    monkeypatch.setattr(measures, "_entries", dict(measures._entries))
    given: dict[str, Any] = {"reading": Reading(100.0), "asked": []}

    def reader(period):
        given["asked"].append(period)
        return given["reading"]

    measure(SLUG, title="Answered", unit="%", method="Counted by hand.", fold=Fold.MEAN)(reader)
    return given


def kept(*values):
    """The last whole days, the newest last."""
    for back, value in enumerate(reversed(values), 1):
        DailyValue.objects.create(measure=SLUG, day=date(2026, 11, 18) - back * DAY, value=value, coverage=1, read_at=NOW)  # fmt: skip


def verdict():
    return Rule.objects.get().verdict


def test_it_fires_within_the_day(read, now):
    kept(100, 100)
    read["reading"] = Reading(94.0)
    make.rule("threshold", SLUG, config=LESS)
    judge(now)
    assert Alert.objects.get().annotations["summary"] == "It is 94 %, under 95 % for 1 day."
    assert [(one.start, one.end) for one in read["asked"]] == [(now - DAY, now)]


def test_it_ends_within_the_day_whatever_yesterday_was(read, now):
    kept(90, 90)
    make.rule("threshold", SLUG, config=LESS, verdict="firing")
    judge(now)
    assert verdict() == "ok"


@pytest.mark.parametrize("unread", [Reading(None, 0), Reading(90.0, 0.1), Reading(None, n=0)])
def test_it_never_takes_yesterday_for_what_cannot_be_read_now(read, now, unread):
    kept(90, 90)
    read["reading"] = unread
    make.rule("threshold", SLUG, config=LESS, verdict="ok")
    judge(now)
    assert verdict() == "unknown"


def test_it_counts_no_hour_in_two_days(read, now):
    kept(1, 2, 3)
    found = points_of([SLUG], 3 * DAY, now)[SLUG]
    assert list(found.values) == [1, 2, 100]
    assert found.at[-1] == now


def test_it_compares_now_with_a_week_ago(read, now):
    kept(*[100] * 8)
    read["reading"] = Reading(94.0)
    make.rule("rate", SLUG, config={"side": "falls", "by": 5, "measured": "percent", "over": 7 * 86400})
    judge(now)
    assert verdict() == "firing"


def test_it_reads_a_figure_once_for_all_its_rules(read, now):
    for _ in range(3):
        make.rule("threshold", SLUG, config=LESS)
    judge(now)
    assert len(read["asked"]) == 1


def test_it_tries_the_past_by_whole_days_alone(read, now):
    kept(1, 2, 3)
    found = points_of([SLUG], 3 * DAY, now, past=True)[SLUG]
    assert list(found.values) == [1, 2, 3]
    assert not read["asked"]


def test_it_does_not_call_a_day_absent_before_it_can_be_kept(read, now):
    """The newest whole day ended almost two days ago, and this minute cannot be read."""
    kept(100, 100)
    read["reading"] = Reading(None, 0)
    make.rule("absence", SLUG, config={"lasts": 900}, verdict="ok")
    judge(now)
    assert verdict() == "ok"


def test_it_calls_a_figure_absent_that_nobody_has_kept_for_days(read, now):
    kept(100, None, None, None)
    read["reading"] = Reading(None, 0)
    make.rule("absence", SLUG, config={"lasts": 900}, verdict="ok")
    judge(now)
    assert verdict() == "firing"
