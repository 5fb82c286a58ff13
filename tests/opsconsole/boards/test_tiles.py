"""What a tile says: of whole days that were kept, of a moment, and of days that are missing."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from opsconsole.boards import tiles
from opsconsole.boards.selectors import Kept
from opsconsole.boards.windows import DAY, parse
from opsconsole.lib import periods
from opsconsole.measures import spans
from opsconsole.measures.registry import Fold
from opsconsole.measures.selectors import read
from opsconsole.measures.verdicts import Reading

VIENNA, TODAY = ZoneInfo("Europe/Vienna"), date(2026, 11, 18)
WEEK = spans.last("7d", TODAY)


def days(*values, n=None):
    """Kept days up to yesterday, the newest last."""
    first = TODAY - timedelta(days=len(values))
    return [
        Kept(first + timedelta(days=i), value, 0 if value is None else 1, n, "ok")
        for i, value in enumerate(values)
    ]


def tile(slug, rows):
    return tiles.over_days(read(slug, periods.day(TODAY, VIENNA)), WEEK, rows, VIENNA)


def test_it_adds_up_the_days_and_holds_them_against_as_many_before(define):
    define("acme.sold", lambda period: 5.0, unit="orders")
    found = tile("acme.sold", days(*[1] * 7, *[2] * 7))
    assert (found.reading.value, found.lately.before.delta, found.change) == (14, 7, "+7")
    assert found.when == "the last 7 days"
    assert found.lately.before.period.name == "the 7 days before"


def test_it_opens_the_days_it_is_made_of(define):
    define("acme.sold", lambda period: 5.0)
    assert (
        tile("acme.sold", days(*[1] * 14)).reading.evidence_url
        == "/measures/acme.sold/?from=2026-11-11&to=2026-11-17"
    )


@pytest.mark.parametrize(
    ("today", "week", "word"),
    [
        (80.0, 100, "Bad today"),
        (None, 100, "Not verified today"),
        (100.0, 100, "Fine"),
        (100.0, 80, "Bad"),
        (80.0, 80, "Bad"),
        (98.0, 80, "Bad"),
    ],
)
def test_it_takes_the_worse_of_the_whole_days_and_of_today(define, today, week, word):
    define("acme.up", lambda period: today, unit="%", target=99, limit=97)
    found = tile("acme.up", days(*[week] * 14))
    assert (found.reading.value, found.word) == (week, word)
    assert word.startswith(found.verdict.label)


def test_it_does_not_mind_a_day_on_which_there_is_nothing_to_measure(define):
    define("acme.up", lambda period: Reading(None, 1, 0), unit="%", target=99)
    assert tile("acme.up", days(*[100] * 14)).word == "Fine"


def test_it_reads_a_figure_of_a_moment_now(define):
    define("acme.open", lambda period: 3.0, fold=Fold.LAST, better="lower")
    found = tile("acme.open", days(*[1] * 7, *[9] * 7))
    assert (found.reading.value, found.lately.before.delta, found.when) == (3, 2, "now")
    assert found.lately.before.period.name == "10 November 2026"


def test_it_never_shows_yesterday_for_a_moment_that_cannot_be_read(define):
    define("acme.open", lambda period: Reading(None, 0), fold=Fold.LAST, better="lower", target=5)
    found = tile("acme.open", days(*[1] * 14))
    assert (found.reading.value, found.tone) == (None, "unknown")


def test_it_counts_from_the_first_day_that_is_known(define):
    define("acme.up", lambda period: 100.0, unit="%", target=99)
    found = tile("acme.up", days(*[None] * 12, 100, 100))
    assert (found.reading.coverage, found.since, found.tone) == (1, date(2026, 11, 16), "ok")
    assert found.change == "no data before 16 November 2026"


def test_it_is_not_verified_when_too_many_days_are_missing(define):
    define("acme.up", lambda period: 100.0, unit="%", target=99)
    assert tile("acme.up", days(*[100] * 9, *[None] * 4, 100)).tone == "unknown"


def test_it_holds_no_sum_against_a_few_days(define):
    define("acme.sold", lambda period: 5.0)
    found = tile("acme.sold", days(1, *[None] * 6, *[2] * 7))
    assert (found.lately.before.delta, found.change) == (None, "not measured then")


def test_it_shows_today_alone_before_a_day_is_kept(define):
    define("acme.up", lambda period: 99.5, unit="%", target=99)
    found = tile("acme.up", [])
    assert (found.reading.value, found.when, found.today) == (99.5, "today so far", None)
    assert found.change == "no day is kept yet"


def test_it_has_nothing_to_measure_where_no_day_had(define):
    define(
        "acme.tta",
        lambda period: Reading(None, 1, 0),
        unit="min",
        target=15,
        better="lower",
        fold=Fold.MEDIAN,
    )
    rows = [day._replace(coverage=1, n=0) for day in days(*[None] * 14)]
    assert tile("acme.tta", rows).tone == ""


def test_it_says_its_line_in_words(define):
    define("acme.up", lambda period: 100.0, title="Uptime", unit="%", target=99.9, digits=1)
    said = tile("acme.up", days(*[100] * 4, 98.2, *[100] * 2)).chart
    assert (
        "Uptime per day over the last 7 days: from 98.2 % (15 Nov) to 100 % (11 Nov); target at least 99.9 %."
        in said
    )


def test_it_draws_no_line_where_nothing_is_known(define):
    define("acme.up", lambda period: None)
    assert tile("acme.up", days(*[None] * 14)).chart == ""


def test_it_refuses_a_span_that_is_none():
    with pytest.raises(ValueError, match="choose 24h, 7d, 30d, 90d or 1y"):
        parse("9y", TODAY)
    assert parse(DAY, TODAY).before is None
