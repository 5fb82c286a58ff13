"""A probe of a service under maintenance is in a state of its own: on pages, in lists, figures and checks."""

from datetime import timedelta

import pytest
from django.urls import reverse

from monitoring.catalogue.states import Status
from monitoring.probes import listing
from monitoring.probes.models import Probe, path_of
from opsconsole.lib.periods import Period
from opsconsole.measures.checks import checks
from tests.conftest import NOW
from tests.monitoring import make
from tests.monitoring.alerts.make import window
from tests.monitoring.probes.asked import asked
from tests.monitoring.probes.test_measures import read

pytestmark = pytest.mark.usefixtures("team", "frozen")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def down() -> Probe:
    probe = make.probe()
    Probe.objects.update(
        status=Status.DOWN, last_outcome=Status.DOWN, last_error="It answered 502.", next_at=NOW
    )
    window(probe.service, reason="Upgrade")
    return Probe.objects.get()


def test_it_is_a_state_of_its_own_on_the_pages_of_probes(down, signed_in, viewer):
    for page in (reverse("probes:list"), path_of(down.pk)):
        said = signed_in(viewer).get(page).content.decode()
        assert "Maintenance until 11:00 CET — by console: Upgrade" in said
    assert "1 is under maintenance" in signed_in(viewer).get(reverse("probes:list")).content.decode()


def test_it_can_be_asked_for_in_the_list(down):
    assert listing.probes_page(now=NOW, status="maintenance").rows == [down]
    assert listing.probes_page(now=NOW, status="down").rows == []


def test_it_is_neither_down_nor_up_in_figures_and_checks(down):
    make.probe("Docs", service=make.service("Docs"), status=Status.UP, next_at=NOW)
    assert read("monitoring.services_down", Period(NOW, NOW)).reading.value == 0
    assert checks["probes.all_up"].evidence(NOW).verdict == "ok"
    assert "1 under maintenance" in checks["probes.all_up"].evidence(NOW).detail


@pytest.mark.parametrize("figure", ["uptime", "latency_p95", "error_share"])
def test_it_says_of_figures_that_nothing_but_maintenance_was_measured(frozen, figure):
    probe = make.probe()
    window(probe.service)
    asked(probe, "u" * 21, NOW)
    frozen.move_to(NOW + 10 * MINUTE)
    Probe.objects.update(created_at=NOW)
    found = read(f"monitoring.{figure}", Period(NOW, NOW + 10 * MINUTE)).reading
    assert (found.value, found.n, found.detail) == (None, 0, "Nothing was measured but under maintenance.")
    assert found.is_nothing


def test_it_leaves_answers_under_maintenance_out_of_figures(frozen):
    probe = make.probe()
    window(probe.service, starts_at=NOW + 10 * MINUTE, hours=0.5)
    asked(probe, "u" * 19 + "d" + "d" * 60 + "u" * 20, NOW)
    frozen.move_to(NOW + 50 * MINUTE)
    found = read("monitoring.error_share", Period(NOW, NOW + 50 * MINUTE)).reading
    assert (found.value, found.n) == (100 / 40, 40)
    assert read("monitoring.latency_p95", Period(NOW, NOW + 50 * MINUTE)).reading.n == 39
