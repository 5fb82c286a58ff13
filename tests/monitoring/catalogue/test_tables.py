"""The bars and the latencies of a service as rows of tables."""

from datetime import date

from monitoring.catalogue.days import Day
from monitoring.catalogue.histories import Total, added
from monitoring.catalogue.latencies import Row
from monitoring.catalogue.tables import day_rows, latency_rows

UP, DOWN, UNSEEN = Total(86400, 0, 0, 86400), Total(80000, 60, 6400, 86400), Total(0, 0, 0, 86400)


def days(*totals):
    return [Day(date(2026, 11, n), total, "ok") for n, total in enumerate(totals, 1)]


def test_it_writes_the_newest_day_first():
    said = day_rows(days(UP, DOWN))
    assert said.index("Mon 2 Nov") < said.index("Sun 1 Nov")
    assert "<td>Sun 1 Nov</td>" in said


def test_it_says_how_long_a_day_was_down_and_slow():
    cells = '<td class="number">92.59 %</td><td class="number">1 h 46 min</td><td class="number">1 min</td>'
    assert cells in day_rows(days(DOWN))
    assert '<td class="number">100 %</td><td class="number">–</td><td class="number">–</td>' in day_rows(
        days(UP)
    )


def test_it_leaves_out_days_of_which_nothing_is_known():
    assert day_rows(days(UNSEEN)) == ""


def test_it_adds_up_the_answers_of_totals_of_totals():
    months = [
        added([Total(1, 0, 0, 1, ("10:2 11:1",)), Total(1, 0, 0, 1, ("11:3",))]),
        Total(1, 0, 0, 1, ("12:1",)),
    ]
    assert added(months).answers == 7
    assert added(months).latency_at(0.5) == Total(1, 0, 0, 1, ("10:2 11:4 12:1",)).latency_at(0.5)


def test_it_shows_a_day_that_was_maintenance_alone():
    assert '<td class="number">1 day</td>' in day_rows(days(Total(0, 0, 0, 86400, maintenance=86400)))


def test_it_writes_latencies_of_what_answered():
    cells = '<td class="number">2 ms</td><td class="number">1,166 ms</td><td class="number">4</td>'
    row = latency_rows([Row("<b>", Total(80000, 0, 6400, 86400, ("10:2 81:2",)))])
    assert "<tr><td>&lt;b&gt;</td>" in row
    assert cells in row
    assert '<td class="number">92.59 %</td><td class="number">1 h 46 min</td></tr>' in row


def test_it_says_nothing_of_hours_without_answers():
    assert latency_rows([Row("12:00", UNSEEN)]) == ""
    assert '<td class="number">– ms</td>' in latency_rows([Row("12:00", UP)])
