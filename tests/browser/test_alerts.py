"""The pages of alerts in a real browser."""

import pytest

from tests.browser.conftest import DESKTOP

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RECURRING = ("until", "wall", "weekdays", "day", "cron", "zone")


@pytest.mark.parametrize(
    ("repeats", "wanted"),
    [
        ("once", set()),
        ("weekly", {"until", "wall", "weekdays", "zone"}),
        ("monthly", {"until", "wall", "day", "zone"}),
        ("cron", {"until", "cron", "zone"}),
    ],
)
@pytest.mark.parametrize("scripts", [True, False])
def test_it_asks_only_for_what_the_recurrence_needs(owner, page_at, scripts, repeats, wanted):
    page = page_at(DESKTOP, user=owner, scripts=scripts)
    page.goto("/monitoring/alerts/mutes/window/")
    page.locator(f"[name=repeats][value={repeats}]").check()
    assert {name for name in RECURRING if page.locator(f"[name={name}]").first.is_visible()} == wanted
