"""Regions and a probe that is asked from them, for everybody: at both widths, in both schemes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitoring.catalogue.states import Status
from monitoring.probes.models import Failure, Sighting, SightingHour, SightingResult
from monitoring.regions.services import region_report
from opsconsole.lib.clock import epoch
from tests.browser.conftest import everywhere
from tests.monitoring import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = "Nothing accepts connections at shop.example.com:443, which has a name that is longer than most of them are"


@pytest.fixture
def voted():
    """Of three regions one says up, one down, and one is silent."""
    now, names = datetime.now(UTC), ("ap-south", "eu-west", "us-east-of-the-great-lakes-99")
    for name, ago in zip(names, (300, 5, 5), strict=True):
        region_report(name=name, now=now - timedelta(seconds=ago))
    why = f"1 of 3 regions says otherwise, {names[2]} ({SAID})"
    fields: dict[str, Any] = {
        "status": Status.UP,
        "last_outcome": Status.UP,
        "last_at": now,
        "last_error": why,
    }
    probe = make.probe("Cart", regions=list(names), **fields)
    for name, status in zip(names, (Status.UP, Status.UP, Status.DOWN), strict=True):
        seen = Sighting.objects.create(
            probe=probe, region_id=name, begun_at=now, status=status, last_outcome=status, last_at=now,
            last_ms=30, last_code=200, last_error=SAID if status == Status.DOWN else "", next_at=now,
        )  # fmt: skip
        SightingHour.objects.create(
            sighting=seen, start=epoch(now) // 3600 * 3600, up=9, down=1, answers=1, latency=30
        )
        SightingResult.objects.create(sighting=seen, at=now, outcome=0, ms=30, code=200)
    Failure.objects.create(probe=probe, at=now, reason=SAID, region=names[2])
    return probe


@everywhere
def test_it_has_pages_of_regions_fit_for_everybody(manager, page_at, good, voted, width, scheme):
    page = page_at(width, scheme, user=manager)
    for path in ("regions/", "", f"{voted.pk}/", f"{voted.pk}/results/?region=eu-west", f"{voted.pk}/edit/"):
        page.goto(f"/monitoring/probes/{path}")
        for fold in page.locator("details:not(.menu) > summary").all():
            fold.click()
        good(page)
