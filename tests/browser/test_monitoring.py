"""Services and probes for everybody: empty, usual and overfull, at both widths, in both schemes; and asking by hand."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from monitoring.catalogue.services import status_change_record
from monitoring.catalogue.states import Status
from monitoring.probes.models import Bucket, Failure, Probe, Size
from opsconsole.lib import histograms
from tests.browser.conftest import everywhere
from tests.monitoring import make
from tests.monitoring.probes.servers import Target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Invoices-and-other-papers-of-the-southern-subsidiary-without-any-blank-in-it"
FAILED: dict[str, Any] = {
    "status": Status.DOWN,
    "last_outcome": Status.DOWN,
    "streak": 4,
    "last_error": "It answered 502.",
}


@pytest.fixture
def measured(manager):
    """A slow, a failing and a paused probe with two days behind them, and names that are too long."""
    now = datetime.now(UTC)
    shop = make.service("Web shop", runbook_url="https://wiki.example.com/shop", owner=manager)
    shop.depends_on.add(make.service(LONG[:80]))
    down = make.probe(
        LONG[:70], f"https://shop.example.com/{LONG * 3}", service=shop, last_at=now, last_ms=30, **FAILED
    )
    make.probe("Cart", service=shop, status=Status.DEGRADED, last_at=now, last_ms=2300, status_since=now)
    make.probe("Search", service=shop, status=Status.PAUSED, is_paused=True)
    _hours(down, now)
    Failure.objects.create(probe=down, at=now, reason="It answered 502.", code=502, body="<h1>x</h1>" * 300)
    status_change_record(
        service_id=shop.pk, source=down.source, title=down.name, old=Status.UP, new=Status.DOWN,
        reason="It answered 502.", at=now - timedelta(minutes=8), noticed_at=now,
    )  # fmt: skip
    return down


def _hours(probe, now):
    for back in range(1, 48):
        start = int((now - timedelta(hours=back)).timestamp()) // 3600 * 3600
        slow = histograms.encode(Counter({50 + back % 7: 100, 70: 20}))
        down = 600_000 if back % 9 == 0 else 0
        Bucket.objects.create(
            probe_id=probe.pk, size=Size.HOUR, start=start, up=3_600_000 - down, down=down, runs=120,
            latency=14_000, dns=300, connect=900, tls=2_000, first_byte=10_000, histogram=slow,
        )  # fmt: skip


@everywhere
def test_it_has_empty_pages_fit_for_everybody(manager, page_at, good, width, scheme):
    page = page_at(width, scheme, user=manager)
    for path in ("services/", "services/new/", "probes/", "probes/new/"):
        page.goto(f"/monitoring/{path}")
        good(page)


@everywhere
def test_it_has_full_pages_fit_for_everybody(manager, page_at, good, measured, width, scheme):
    page = page_at(width, scheme, user=manager)
    paths = ("", "web-shop/", "web-shop/?span=7d", "web-shop/edit/")
    for path in [f"services/{p}" for p in paths] + [
        f"probes/{p}" for p in ("", "outages/", "1/", "1/?span=1y", "1/results/", "1/edit/")
    ]:
        page.goto(f"/monitoring/{path}".replace("/1/", f"/{measured.pk}/"))
        for fold in page.locator("details:not(.menu) > summary").all():
            fold.click()
        good(page)


@everywhere
def test_it_shows_many_services_in_a_way_fit_for_everybody(manager, page_at, good, width, scheme):
    for n in range(60):
        make.probe(f"Address {n}", service=make.service(f"Service {n}"), **(FAILED if n % 3 else {}))
    page = page_at(width, scheme, user=manager)
    for path in ("services/", "services/?page=2", "probes/?status=down", "services/service-1/edit/"):
        page.goto(f"/monitoring/{path}")
        good(page)


def test_it_narrows_a_list_as_one_types(manager, page_at, measured):
    for n in range(10):
        make.probe(f"Address {n}")
    page = page_at(user=manager)
    page.goto("/monitoring/probes/")
    page.fill("#q", "cart")
    expect(page.locator("#probes li")).to_have_count(1)
    assert page.url.endswith("?q=cart&status=&service=")


def test_it_adds_a_first_service_tries_and_asks_it(manager, page_at, monkeypatch):
    monkeypatch.setattr(settings, "OPSCONSOLE_ALLOWED_NETWORKS", ["127.0.0.1/32"])
    with Target() as target:
        page = page_at(user=manager)
        page.goto("/monitoring/services/")
        page.fill("[name=name]", "Web shop")
        page.fill("[name=url]", target.url())
        page.click("text=Add the service")
        expect(page.locator("h1")).to_contain_text("Web shop has no result yet")
        page.click("text=Add a probe")
        page.fill("[name=name]", "Checkout")
        page.fill("[name=url]", target.url("/status/500"))
        page.click("text=Try it")
        expect(page.locator("#trial")).to_contain_text("It answered 500")
        assert Probe.objects.count() == 1


def test_it_brings_by_itself_an_answer_that_was_asked_for(manager, page_at):
    probe = make.probe(status=Status.UP, last_at=datetime.now(UTC))
    page = page_at(user=manager)
    page.goto(f"/monitoring/probes/{probe.pk}/")
    page.click("text=Check now")
    expect(page.locator("#answer")).to_contain_text("Asking Front page now")
    Probe.objects.update(last_at=datetime.now(UTC), last_outcome=Status.DOWN, last_error="It answered 502.")
    expect(page.locator("#answer")).to_contain_text("It answered 502.")
