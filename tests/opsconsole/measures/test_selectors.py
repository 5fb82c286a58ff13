"""Reading one measure, and its days."""

from datetime import date, timedelta

import pytest

from opsconsole.lib.periods import Period
from opsconsole.measures.models import DailyValue
from opsconsole.measures.selectors import beginnings, read, trends

TODAY = date(2026, 11, 18)


def test_it_gives_a_failing_reader_as_unknown_with_its_reason(define, now):
    define("acme.sold", lambda period: 1 / 0)
    judged = read("acme.sold", Period(now - timedelta(days=1), now))
    assert (judged.verdict, judged.reading.value) == ("unknown", None)
    assert "division by zero" in judged.reading.detail


@pytest.mark.django_db
def test_it_leaves_holes_where_days_are_missing(define, now):
    define("acme.sold", lambda period: 1.0)
    for ago, value in ((3, 5.0), (1, 7.0)):
        day = TODAY - timedelta(days=ago)
        DailyValue.objects.create(measure="acme.sold", day=day, value=value, verdict="ok", read_at=now)
    assert trends(["acme.sold"], 4, TODAY)["acme.sold"] == [None, 5.0, None, 7.0]


@pytest.mark.django_db
def test_it_reads_many_trends_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert trends(["a", "b"], 2, TODAY) == {"a": [None, None], "b": [None, None]}


@pytest.mark.django_db
def test_it_begins_with_the_first_known_value(now):
    for day, value in ((date(2026, 5, 1), None), (date(2026, 5, 3), 1.0), (date(2026, 6, 1), 2.0)):
        DailyValue.objects.create(measure="acme.sold", day=day, value=value, verdict="ok", read_at=now)
    assert beginnings(["acme.sold", "acme.other"]) == {"acme.sold": date(2026, 5, 3)}
