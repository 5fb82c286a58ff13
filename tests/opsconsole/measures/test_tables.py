"""The days of a figure as rows of a table."""

from datetime import date

from opsconsole.measures.models import DailyValue
from opsconsole.measures.tables import day_rows

DAY = date(2026, 11, 3)


def row(**fields):
    return DailyValue(**{"day": DAY, "value": 3.0, "coverage": 1, "n": 4, "verdict": "ok"} | fields)


def rows(measure, kept):
    return day_rows(measure, [(DAY, kept)])


def test_it_writes_the_day_its_verdict_and_its_value(define):
    said = rows(define("acme.sold", lambda _: 1, unit="orders", target=2), row())
    assert "<span>Tue 3 Nov</span> <span>2026</span>" in said
    assert '<span class="tag ok">Fine</span>' in said
    assert "3\u00a0<small>orders</small></td>" in said
    assert '<td class="number">100 %</td><td class="number">4</td>' in said


def test_it_says_what_was_not_judged_not_kept_and_nothing_to_measure(define):
    measure = define("acme.sold", lambda _: 1)
    assert "not judged" in rows(measure, row())
    assert "not kept" in rows(measure, None)
    assert "nothing to measure" in rows(measure, row(value=None, n=0))
    assert "Not verified" in rows(measure, row(value=None, n=None, coverage=0, verdict="unknown"))


def test_it_lets_nobody_write_markup(define):
    measure = define("acme.sold", lambda _: 1, unit="<b>")
    said = rows(measure, row(evidence_url='/x/?a="><script>'))
    assert "<b>" not in said
    assert "<script>" not in said
