"""What is pressed while the console cannot answer is said to be lost, where the reader looks, until something gets through."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from opsconsole.lib import clock
from tests.browser.conftest import PHONE
from tests.maintenance import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(owner, responder, page_at):
    run = make.run(make.template("Morning checklist"), clock.now() - timedelta(minutes=5))
    for number in range(20):
        make.answer(run, f"Question {number}")
    page = page_at(PHONE, user=responder)
    page.goto("/today/")
    return page


def press(page, number):
    row = page.locator("[data-rows] > .row", has_text=f"Question {number}").first
    row.click(position={"x": 5, "y": 5})
    row.get_by_role("button", name="Done").click()


def test_it_says_once_that_the_console_cannot_be_reached(page, forgive):
    page.context.set_offline(True)
    press(page, 15)
    press(page, 16)
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    forgive("ERR_INTERNET_DISCONNECTED")
    forgive("htmx:")


def test_it_says_it_no_longer_once_something_got_through(page, forgive):
    page.context.set_offline(True)
    press(page, 15)
    expect(page.get_by_role("alert")).to_be_visible()
    page.context.set_offline(False)
    press(page, 15)
    expect(page.get_by_role("alert")).to_have_count(0)
    forgive("ERR_INTERNET_DISCONNECTED")
    forgive("htmx:")


def test_it_says_that_the_console_failed(page, forgive):
    page.route("**/done/**", lambda route: route.fulfill(status=500, body="broken"))
    press(page, 0)
    expect(page.get_by_role("alert")).to_contain_text("could not do that")
    forgive("500")
