"""The pages of alerts in a real browser."""

import pytest

from tests.browser.conftest import DESKTOP, everywhere
from tests.incidents.make import service
from tests.monitoring.alerts.make import word

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
    service("Checkout")
    page = page_at(DESKTOP, user=owner, scripts=scripts)
    page.goto("/monitoring/alerts/mutes/window/")
    page.locator(f"[name=repeats][value={repeats}]").check()
    assert {name for name in RECURRING if page.locator(f"[name={name}]").first.is_visible()} == wanted


def test_it_shows_what_a_rule_would_silence_while_it_is_typed(owner, page_at):
    word(title="Database"), word(title="Slow", fingerprint="b")
    page = page_at(DESKTOP, user=owner)
    page.goto("/monitoring/alerts/inhibitions/new/")
    page.locator("[name=source]").fill("alertname=Database")
    page.locator("[name=target]").fill("alertname=Slow")
    page.get_by_text("It would silence 1 alert of those that fire now.").wait_for()
    page.locator("[name=equal]").fill("host")
    page.get_by_text("It would silence nothing now").wait_for()


@everywhere
def test_it_is_fit_for_everybody(owner, page_at, good, width, scheme):
    word(title="Database"), word(title="Slow", fingerprint="b")
    page = page_at(width, scheme, user=owner)
    for path in ("", "inhibitions/", "inhibitions/new/", "grouping/", "mutes/window/"):
        page.goto(f"/monitoring/alerts/{path}")
        good(page)
