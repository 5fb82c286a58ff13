"""Addresses of the rows behind a figure, and what they ask for."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from opsconsole.lib.periods import Period, Week, compared
from opsconsole.measures.evidence import asked, moment_url, span_url

VIENNA = ZoneInfo("Europe/Vienna")
WEEK = Week(2026, 47).period(VIENNA)
PAGE = "outbox:deliveries"


@pytest.fixture(autouse=True)
def _sold(define):
    define("acme.sold", lambda period: 3)


def read(text, zone=VIENNA):
    return asked(QueryDict(text.partition("?")[2] or text), zone, {"acme.sold"})


def test_it_names_days_where_the_period_is_made_of_days():
    assert span_url(PAGE, "acme.sold", WEEK).endswith("?of=acme.sold&from=2026-11-16&to=2026-11-22")
    assert moment_url(PAGE, "acme.sold", WEEK, WEEK.end).endswith("?of=acme.sold&at=2026-11-22")


def test_it_names_moments_where_it_is_not(now):
    url = span_url(PAGE, "acme.sold", Period(now - timedelta(hours=24), now))
    assert url.endswith("&from=2026-11-17T08:00:00Z&to=2026-11-18T08:00:00Z")
    assert moment_url(PAGE, "acme.sold", WEEK, now).endswith("&at=2026-11-18T08:00:00Z")


@pytest.mark.parametrize("zone", ["Europe/Vienna", "Pacific/Kiritimati", "America/New_York"])
def test_it_reads_back_the_very_period(now, zone):
    where = ZoneInfo(zone)
    whole = Week(2026, 47).period(where)
    for period in (
        whole,
        whole.until(now),
        compared(Week(2026, 13), where).previous,
        Period(now, now + timedelta.resolution),
    ):
        assert read(span_url(PAGE, "acme.sold", period), where).period == Period(
            period.start, period.end, read(span_url(PAGE, "acme.sold", period), where).when
        )


def test_it_reads_back_the_very_moment(now):
    for moment, end in ((now, now), (WEEK.end, WEEK.end)):
        found = read(moment_url(PAGE, "acme.sold", WEEK, moment))
        assert found.period.start == found.period.end == end


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-11-16&to=2026-11-22", "16–22 November 2026"),
        ("from=2026-11-16&to=2026-11-16", "16 November 2026"),
        ("from=2026-11-16", "since 16 November 2026"),
        ("to=2026-11-16", "until 16 November 2026"),
        ("at=2026-11-22", "at the end of 22 November 2026"),
        ("at=2026-11-22T08:00:00Z", "at 22 Nov 2026 08:00 UTC"),
        ("from=2026-11-17T08:00:00Z&to=2026-11-18T08:00", "17 Nov 2026 08:00 UTC to 18 Nov 2026 07:00 UTC"),
    ],
)
def test_it_says_which_time(query, said):
    assert (read(query).when, read(query).complaint) == (said, "")


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("from=yesterday", "Write days as"),
        ("from=2026-11-16&to=2026-11-01", "before the beginning"),
        ("at=2250-12-31", "between the years"),
        ("at=9999-12-31", "Write days as"),
        ("from=0001-01-01T00:00:00-14:00", "between the years"),
        ("of=acme.lost&at=2026-11-22", "no rows of a figure named"),
        ("of=acme.sold", "Say of which time"),
    ],
)
def test_it_says_what_is_wrong(query, complaint):
    assert complaint in read(query).complaint


def test_it_is_off_where_nothing_is_asked():
    assert not read("after=7").is_on
