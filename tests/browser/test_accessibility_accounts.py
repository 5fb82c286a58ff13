"""Sign-in, set-up and settings for everybody: axe finds nothing, nothing hangs over, thumbs can hit, both schemes."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from opsconsole.accounts import services
from opsconsole.accounts.models import Scope, Team
from opsconsole.accounts.roles import Role
from tests.browser.conftest import DESKTOP, PHONE, everywhere
from tests.opsconsole.accounts.conftest import locking

__all__ = ["locking"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SETTINGS = (
    "/settings/",
    "/settings/people/",
    "/settings/people/invite/",
    "/settings/keys/",
    "/settings/audit/",
    "/settings/sign-ins/",
    "/settings/profile/",
    "/settings/profile/password/",
    "/settings/health/",
    "/setup/next/",
)


@pytest.fixture
def lively(owner, manager, viewer):
    """An owner of a team in which something has happened."""
    now = datetime.now(UTC)
    services.user_invite(actor=owner, email="nina@example.com", name="Nina", role=Role.RESPONDER, now=now)
    services.user_deactivate(actor=owner, user=viewer, now=now)
    services.api_key_create(actor=owner, user=owner, name="Prometheus", scope=Scope.READ)
    return owner


@everywhere
def test_it_is_fit_for_everybody_at_the_first_visit(page_at, good, width, scheme):
    page = page_at(width, scheme)
    page.goto("/")
    assert page.url.endswith("/setup/")
    good(page)


@everywhere
def test_it_is_fit_for_everybody_who_signs_in(owner, page_at, good, width, scheme):
    page = page_at(width, scheme)
    for path in ("/sign-in/", "/password/", "/password/sent/"):
        page.goto(path)
        good(page)


def test_it_refuses_in_a_way_fit_for_everybody(owner, page_at, good):
    page = page_at(PHONE)
    page.goto("/sign-in/")
    page.fill("#id_username", "olga@example.com")
    page.fill("#id_password", "wrong")
    page.click("text=Sign in >> nth=-1")
    page.wait_for_selector(".notice.bad")
    good(page)


@everywhere
def test_it_has_settings_fit_for_everybody(lively, page_at, good, width, scheme):
    page = page_at(width, scheme, user=lively)
    for path in (*SETTINGS, f"/settings/people/{lively.pk}/"):
        page.goto(path)
        good(page)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_it_shows_once_what_is_fit_for_everybody(lively, page_at, good, width):
    page = page_at(width, user=lively)
    page.goto("/settings/keys/")
    page.fill("#id_name", "Deploy script")
    page.click("text=Make a key")
    page.wait_for_selector("#key")
    good(page)
    page.goto("/settings/people/invite/")
    page.fill("#id_email", "pia@example.com")
    page.fill("#id_name", "Pia")
    page.click("form.form button")
    page.wait_for_selector("#link")
    good(page)


def test_it_locks_out_in_a_way_fit_for_everybody(owner, page_at, good, locking, forgive):
    page = page_at(PHONE)
    for _ in range(5):
        page.goto("/sign-in/")
        page.fill("#id_username", "olga@example.com")
        page.fill("#id_password", "wrong")
        page.click("form.form button")
    assert "Too many failures" in page.inner_text("h1")
    good(page)
    forgive("429")


def test_it_narrows_the_audit_trail_in_place(lively, page_at):
    services.team_update(actor=lively, team=Team.objects.get(), name="Acme Ops", time_zone="UTC")
    page = page_at(user=lively)
    page.goto("/settings/audit/")
    page.select_option("#kind", "accounts.team")
    expect(page.locator("#entries li")).to_have_count(2)
    assert "kind=accounts.team" in page.url


def test_it_opens_the_menu_of_the_phone_which_leads_and_closes(lively, page_at, good):
    page = page_at(PHONE, user=lively)
    page.goto("/settings/people/")
    page.click(".menu summary")
    good(page)
    assert page.get_by_role("button", name="Sign out").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="Sign out").is_visible()


def test_it_has_settings_that_work_without_scripts(owner, page_at):
    page = page_at(PHONE, user=owner, scripts=False)
    page.goto("/settings/")
    page.fill("#id_time_zone", "Asia/Tokyo")
    page.click("text=Save")
    assert "Asia/Tokyo" in page.inner_text("h1")


def test_it_takes_the_first_visit_by_keyboard_and_guesses_the_zone(page_at, browser):
    page = page_at()
    page.goto("/")
    page.focus("#id_team_name")
    for text in ("Acme", "Olga", "olga@example.com", "four words make one"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    guessed = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    assert page.input_value("#id_time_zone") == guessed
    page.keyboard.press("Enter")
    page.wait_for_url("**/setup/next/")
