"""A real browser on a real server: `page_at(width, scheme, user=…)` gives a page of it.

Tests that use these run against the database of the `live_server`, so they need `transactional_db`, which it brings along.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from opsconsole.accounts.models import User

DESKTOP, PHONE = 1440, 390
HEIGHTS = {DESKTOP: 900, PHONE: 844}
PageAt = Callable[..., Page]
everywhere = pytest.mark.parametrize(
    ("width", "scheme"), [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")]
)


@pytest.fixture
def logged() -> list[str]:
    """The errors that the pages of a test have logged."""
    return []


@pytest.fixture
def forgive(logged: list[str]) -> Callable[[str], None]:
    """`forgive("429")`: errors that name this were meant."""

    def these(text: str) -> None:
        logged[:] = [error for error in logged if text not in error]

    return these


@pytest.fixture
def page_at(browser: Browser, live_server, logged: list[str]) -> Iterator[PageAt]:
    """`page_at(390, "dark", user=olga).goto("/today/")`: a page of that width and colour scheme, signed in as `user`.

    Addresses may be paths. Whatever the page logs as an error, scripts that the policy refused among it, fails the test.
    """
    with ExitStack() as stack:

        def at(
            width: int = DESKTOP, scheme: str = "light", *, user: User | None = None, scripts: bool = True
        ) -> Page:
            context = stack.enter_context(
                browser.new_context(
                    base_url=live_server.url,
                    viewport={"width": width, "height": HEIGHTS.get(width, 900)},
                    color_scheme="dark" if scheme == "dark" else "light",
                    java_script_enabled=scripts,
                )
            )
            if user:
                context.add_cookies(
                    [{"name": settings.SESSION_COOKIE_NAME, "value": session(user), "url": live_server.url}]
                )
            page = context.new_page()
            page.on("pageerror", lambda error: logged.append(str(error)))
            page.on("console", lambda line: logged.append(line.text) if line.type == "error" else None)
            return page

        yield at
        assert not logged, logged


def session(user: User) -> str:
    """The key of a new session of that person."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """`violations(page)`: what axe finds against WCAG on a page as it stands, each with the first elements it concerns."""

    def found(page: Page) -> list[str]:
        results = Axe().run(page).response["violations"]
        return [f"{v['id']}: {v['help']}; {[n['html'][:160] for n in v['nodes'][:3]]}" for v in results]

    return found


@pytest.fixture
def wider_than_the_window() -> Callable[[Page], bool]:
    """Whether a page must be pushed sideways to be read."""
    return lambda page: bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.fixture
def small_targets() -> Callable[[Page], list[str]]:
    """`small_targets(page)`: buttons, inputs and links of the menu, of rows and of spans that are lower than 44 px (for a thumb)."""
    script = """() => [...document.querySelectorAll(
        'button, summary, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), a.button, .menu[open] a, .choices label, .check, .check label, .spans a, .next a, .row .what > a:first-child, a.brand')]
        .filter(el => el.checkVisibility() && el.getBoundingClientRect().height < 43.5)
        .map(el => el.outerHTML.slice(0, 120))"""
    return lambda page: list(page.evaluate(script))


@pytest.fixture
def good(
    violations: Callable[[Page], list[str]],
    wider_than_the_window: Callable[[Page], bool],
    small_targets: Callable[[Page], list[str]],
) -> Callable[[Page], None]:
    """`good(page)`: asserts that a page is fit for everybody."""

    def check(page: Page) -> None:
        assert violations(page) == [], page.url
        assert not wider_than_the_window(page), page.url
        if page.viewport_size and page.viewport_size["width"] == PHONE:
            assert small_targets(page) == [], page.url

    return check
