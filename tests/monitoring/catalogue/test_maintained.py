"""A service under maintenance is in a state of its own: on its page, in lists, on its bars and in what is judged."""

from datetime import timedelta

import pytest
from django.urls import reverse

from monitoring.catalogue import days, latencies, pages, selectors
from monitoring.catalogue.histories import Slice, Total, joined, total
from monitoring.catalogue.navigation import trouble
from monitoring.catalogue.states import Status
from tests.conftest import NOW
from tests.monitoring import make
from tests.monitoring.alerts.make import window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "team")]
SAID = "Maintenance until 11:00 CET — by console: Update"


@pytest.fixture
def shop(watched):
    service = make.service()
    watched(service, Status.DOWN, "it answers 502", title="Front page")
    window(service)
    return service


def test_it_says_until_when_by_whom_and_why(shop):
    (stands,) = selectors.standings([shop])
    assert (stands.status, stands.tone, stands.since) == (Status.MAINTENANCE, "maintained", NOW)
    assert stands.why == "Maintenance until 10:00 UTC — by console: Update; Front page is down"
    assert stands.signals[0].status == Status.DOWN


def test_it_is_over_at_its_end(shop, frozen):
    frozen.shift(timedelta(hours=2))
    (stands,) = selectors.standings([shop])
    assert (stands.status, stands.maintenance) == (Status.DOWN, None)


@pytest.mark.parametrize("page", ["catalogue:list", "catalogue:detail"])
def test_it_stands_on_pages(signed_in, viewer, shop, page):
    args = [shop.slug] if page == "catalogue:detail" else []
    said = signed_in(viewer).get(reverse(page, args=args)).content.decode()
    assert SAID in said
    assert "Web shop is under maintenance since" in said


def test_it_is_no_trouble_and_not_all_well():
    probe = make.probe(status=Status.UP)
    window(probe.service)
    found = trouble()
    assert found
    assert (found.number, found.tone, found.title) == (0, "maintained", "1 service under maintenance")


@pytest.mark.parametrize(
    ("seconds", "tone", "said"),
    [
        ((82_800, 0, 0, 3_600), "maintained", "100 %, maintenance 1 h, measured 100 %"),
        ((0, 0, 0, 86_400), "maintained", "maintenance 1 day, nothing else measured"),
        ((82_000, 0, 800, 3_600), "bad", "maintenance 1 h"),
        ((86_400, 0, 0, 0), "ok", "measured 100 %"),
        ((20_000, 0, 0, 3_600), "unknown", "maintenance 1 h"),
    ],
)
def test_it_has_a_colour_and_words_of_its_own_on_bars(seconds, tone, said):
    up, slow, down, kept = seconds
    whole = Total(up, slow, down, 86_400, maintenance=kept)
    day = days.Day(NOW.date(), whole, days.tone(whole, 99.9))
    assert day.tone == tone
    assert said in day.title


def test_it_takes_nothing_of_the_error_budget(measured):
    shop, start = make.service(), NOW.replace(hour=23) - timedelta(days=2)
    measured.append(Slice(shop.pk, start, 86_400, 79_200, 0, 0, (), 7_200))
    page = pages.service_page(service=shop, span=latencies.DEFAULT, now=NOW)
    assert (page.month.total.uptime, page.month.budget.spent) == (1, 0)
    assert page.month.budget.allowed == round((30 * 86_400 - 7_200) * 0.001, 3)


def test_it_is_added_up_and_joined():
    piece = Slice(1, NOW, 3_600, 1_800, 0, 0, (), 1_800)
    assert (total([piece, piece]).maintenance, total([piece]).coverage) == (3_600, 1)
    assert joined([piece, piece._replace(maintenance=900)]).maintenance == 1_800
    assert total([piece._replace(up=0, maintenance=3_600)]).coverage == 1
