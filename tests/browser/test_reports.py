"""The founder's pages are fit for everybody, on the desk and on the phone."""

import pytest

from opsconsole.lib import clock
from opsconsole.lib.periods import Week
from tests.browser.conftest import DESKTOP, PHONE
from tests.monitoring import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_it_is_fit_for_everybody(manager, page_at, good, width, scheme):
    make.probe()
    page = page_at(width, scheme, user=manager)
    week = Week.of(clock.now().date())
    for path in [
        "/reports/weekly/",
        f"/reports/weekly/{week}/",
        "/measures/",
        "/measures/monitoring.uptime/",
    ]:
        page.goto(path)
        good(page)


@pytest.mark.parametrize("width", [1024, 1280])
def test_it_shows_every_column_of_the_figures_on_a_laptop(manager, page_at, width):
    make.probe()
    page = page_at(width, user=manager)
    page.goto(f"/reports/weekly/{Week.of(clock.now().date())}/")
    scroll = page.locator("#figures .scroll")
    assert scroll.evaluate("box => box.scrollWidth <= box.clientWidth")
