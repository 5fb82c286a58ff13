"""Each number opens its rows: every figure and every link of a report, over the sample company."""

import re
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from maintenance.setup.sample.load import sample_load
from opsconsole.lib.periods import Period, Week, days
from opsconsole.measures import evidence
from opsconsole.measures.registry import Fold, measures
from opsconsole.measures.selectors import read
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
VIENNA = ZoneInfo("Europe/Vienna")
COUNTS = {"incidents", "messages", "jobs", "services", "postmortems", "actions"}
PERIODS = (
    Week(2026, 46).period(VIENNA),
    days(NOW.date() - timedelta(days=2), 1, VIENNA),
    Week(2026, 47).period(VIENNA).until(NOW),
    Period(NOW - timedelta(hours=24), NOW),
)


@pytest.fixture
def company(owner, now):
    sample_load(now=now, seed=3, days=45, say=lambda line: None)


def opens(reader, url):
    page = reader.get(url)
    assert page.status_code == 200, url
    assert "notice bad" not in page.text, url
    return page


def is_of(measure, asked, period):
    """Whether the address asks for the very period, or for the moment at its end."""
    start = period.end if measure.fold is Fold.LAST else period.start
    return asked.period == Period(start, period.end, asked.when)


def test_it_opens_the_rows_of_its_period_from_every_figure(company, signed_in, viewer):
    reader = signed_in(viewer)
    for measure in measures:
        for period in PERIODS:
            reading = read(measure.slug, period).reading
            query = QueryDict(reading.evidence_url.partition("?")[2])
            assert query["of"] == measure.slug
            assert is_of(measure, evidence.asked(query, VIENNA, {measure.slug}), period), reading.evidence_url
            page = opens(reader, reading.evidence_url)
            assert page.context["asked"].of == measure.slug
            if measure.unit in COUNTS and reading.value is not None:
                assert _count(page) == reading.value, reading.evidence_url


def _count(page):
    """As the page says it."""
    [said] = re.findall(r"([\d,]+) [a-z]+ · <a [^>]*>Show all", page.text)
    return int(said.replace(",", ""))


def test_it_opens_every_link_of_a_report(company, signed_in, owner):
    reader = signed_in(owner)
    text = opens(reader, "/reports/weekly/2026-W46/").text
    main = text[text.index("<main") : text.index("</main>")]
    links = {unescape(link) for link in re.findall(r'href="(/[^"]+)"', main)}
    assert len(links) > 20
    for link in sorted(links):
        opens(reader, link)
