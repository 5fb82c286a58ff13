"""Boards in a real browser: fit for everybody, read again by themselves, and never old as if they were fresh."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from opsconsole.boards import screens
from opsconsole.boards.views import looking
from opsconsole.lib import clock
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import measures
from tests.browser.conftest import PHONE, everywhere

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def days(team):
    """A fortnight of every figure."""
    today = clock.now().date()
    for slug, one in measures.items():
        value = one.rule.target if one.rule.target is not None else 3
        DailyValue.objects.bulk_create(
            DailyValue(
                measure=slug, day=today - timedelta(days=n), value=value, verdict="ok", read_at=clock.now()
            )
            for n in range(1, 15)
        )


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(looking, "EVERY", 1)


@everywhere
def test_it_is_fit_for_everybody(days, viewer, page_at, good, width, scheme):
    page = page_at(width, scheme, user=viewer)
    for path in (
        "/dashboards/",
        "/dashboards/health/",
        "/dashboards/health/?span=24h",
        "/dashboards/support/",
    ):
        page.goto(path)
        good(page)


def test_it_says_when_it_was_last_read(days, quick, viewer, page_at):
    page = page_at(user=viewer)
    page.goto("/dashboards/executive/")
    read = page.locator("#read").text_content()
    expect(page.locator("#read")).not_to_have_text(read)
    expect(page.locator("#board .tile").first).to_be_visible()


def test_it_says_that_figures_are_old_until_they_can_be_read_again(days, quick, viewer, page_at, forgive):
    page = page_at(user=viewer)
    page.goto("/dashboards/executive/")
    page.context.set_offline(True)
    expect(page.locator("#old")).to_contain_text("The console cannot be reached. These figures were read at")
    expect(page.get_by_role("status")).to_contain_text("they may be wrong by now")
    expect(page.locator(".lost")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.locator("#old")).to_be_hidden()
    forgive("ERR_INTERNET_DISCONNECTED")
    forgive("htmx:")


def test_it_asks_nothing_while_nobody_looks(days, quick, viewer, page_at):
    page = page_at(user=viewer)
    page.goto("/dashboards/executive/")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []


def tiles(page):
    return page.locator("#board .tile").evaluate_all("all => all.map(each => each.dataset.of)")


def test_it_is_arranged_by_keys_by_dragging_and_by_buttons(days, viewer, page_at, good):
    page = page_at(user=viewer)
    page.goto("/dashboards/executive/?arrange=1")
    good(page)
    first, second, third, *_ = tiles(page)
    page.keyboard.press("j")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("status")).to_contain_text("is 2 of")
    assert tiles(page)[:3] == [second, first, third]
    page.drag_and_drop(f'[data-of="{third}"] .pair', f'[data-of="{second}"] .pair')
    expect(page.get_by_role("status")).to_contain_text("is 1 of")
    assert tiles(page)[:3] == [third, second, first]
    page.get_by_role("button", name="Back to the shipped order").click()
    expect(page.locator(".undo")).to_be_visible()
    assert tiles(page)[:3] == [first, second, third]
    page.keyboard.press("u")
    expect(page.locator(".undo")).to_have_count(0)
    assert tiles(page)[:3] == [third, second, first]


def test_it_is_arranged_without_scripts(days, viewer, page_at):
    page = page_at(user=viewer, scripts=False)
    page.goto("/dashboards/executive/?arrange=1")
    title = page.locator(".tile h2").nth(1).text_content()
    page.locator(".tile").nth(1).get_by_role("button", name="Earlier").click()
    assert page.locator(".tile h2").first.text_content() == title
    assert f"{title} is 1 of" in page.locator(".notice.ok").text_content()


@everywhere
def test_it_makes_boards_that_are_fit_for_everybody(days, manager, page_at, good, width, scheme):
    page = page_at(width, scheme, user=manager)
    page.goto("/dashboards/new/?like=health")
    good(page)
    page.get_by_role("button", name="Make it").click()
    good(page)
    page.goto(f"{page.url}?arrange=1")
    good(page)


@pytest.mark.parametrize(("width", "look"), [(1920, "dark"), (1920, "light"), (PHONE, "dark")])
def test_it_stands_on_a_wall_fit_for_everybody(
    days, viewer, page_at, violations, wider_than_the_window, width, look
):
    page = page_at(width, user=viewer)
    page.set_viewport_size({"width": width, "height": 1080})
    page.goto(f"/dashboards/health/?wall=1&look={look}")
    assert violations(page) == []
    assert not wider_than_the_window(page)
    if width == 1920:
        assert page.locator(".figure").first.evaluate("it => parseFloat(getComputedStyle(it).fontSize)") >= 48
        assert page.evaluate("document.documentElement.scrollHeight") <= 1080


def test_it_goes_from_one_board_to_the_next(days, viewer, page_at, monkeypatch):
    monkeypatch.setattr(screens, "QUICKEST", 1)
    page = page_at(user=viewer)
    page.goto("/dashboards/wall/?board=health&board=support&every=1")
    expect(page.locator("#board")).to_contain_text("Support")
    expect(page.locator("#board")).to_contain_text("Health")


def test_it_leaves_words_room_on_a_wall_that_stands_upright(days, viewer, page_at):
    page = page_at(800, user=viewer)
    page.set_viewport_size({"width": 800, "height": 1280})
    page.goto("/dashboards/health/?wall=1")
    assert page.locator(".tile").first.evaluate("it => it.clientWidth") > 350
    assert page.evaluate("document.documentElement.scrollHeight") <= 1280


def test_it_prints_a_wall_dark_on_white(days, viewer, page_at):
    page = page_at(user=viewer)
    page.goto("/dashboards/health/?wall=1")
    page.emulate_media(media="print")
    ink = page.locator("h1").evaluate("it => getComputedStyle(it).color")
    paper = page.locator(".tile").first.evaluate("it => getComputedStyle(it).backgroundColor")
    assert (ink, paper) == ("rgb(28, 30, 33)", "rgb(255, 255, 255)")
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4"))) == 1


def test_it_prints_on_one_page(days, viewer, page_at):
    page = page_at(user=viewer)
    page.goto("/dashboards/executive/")
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
