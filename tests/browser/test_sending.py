"""What somebody typed is sent once, and is not lost when the session has ended meanwhile."""

import pytest
from django.conf import settings

from incidents.response.models import Incident, TimelineEntry
from opsconsole.accounts.models import User
from tests.browser.conftest import DESKTOP, session
from tests.incidents import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_it_sends_a_form_once_that_is_pressed_twice(responder, page_at):
    page = page_at(DESKTOP, user=responder)
    page.goto("/incidents/new/")
    page.get_by_label("What is wrong?").fill("Checkout answers 502")
    page.get_by_text("P3").first.click()
    page.get_by_role("button", name="Open it").dblclick()
    page.wait_for_url("**/incidents/INC-001/")
    assert Incident.objects.count() == 1


PRESSES = """() => {
  let sent = 0;
  addEventListener("submit", (event) => { sent += !event.defaultPrevented; event.preventDefault(); });
  const form = document.querySelector("main form[method=post]");
  form.requestSubmit();
  form.requestSubmit();
  return sent;
}"""
"""Both before anything has left, so that no browser can take the first one back."""


def test_it_lets_the_second_press_do_nothing(responder, page_at):
    page = page_at(DESKTOP, user=responder)
    page.goto("/incidents/new/")
    page.get_by_label("What is wrong?").fill("Checkout answers 502")
    page.get_by_text("P3").first.click()
    assert page.evaluate(PRESSES) == 1


def test_it_signs_in_a_first_visit_that_is_pressed_twice(page_at, db):
    page = page_at(DESKTOP)
    page.goto("/")
    for name, text in (("team_name", "Acme"), ("name", "Olga"), ("email", "o@example.com")):
        page.fill(f"[name={name}]", text)
    page.fill("[name=password]", "three words and more")
    page.get_by_role("button", name="Set it up").dblclick()
    page.wait_for_url("**/setup/next/")
    assert User.objects.count() == 1


def note(page, text):
    page.goto("/incidents/INC-001/")
    page.fill("#note textarea", text)


@pytest.mark.parametrize("what", ["session", "everything"])
def test_it_keeps_a_note_beyond_the_end_of_the_session(responder, page_at, what, forgive, live_server):
    make.incident()
    page = page_at(DESKTOP, user=responder)
    note(page, "The log was full")
    page.context.clear_cookies(**({"name": settings.SESSION_COOKIE_NAME} if what == "session" else {}))
    page.get_by_role("button", name="Add the note").click()
    page.wait_for_selector("[data-refused]")
    forgive("403")
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session(responder), "url": live_server.url}]
    )
    page.goto("/incidents/INC-001/")
    assert page.input_value("#note textarea") == "The log was full"
    page.get_by_role("button", name="Add the note").click()
    page.wait_for_selector("text=Noted.")
    assert TimelineEntry.objects.get(kind="note").body == "The log was full"


def test_it_keeps_nothing_of_a_page_that_was_left(responder, page_at):
    make.incident()
    page = page_at(DESKTOP, user=responder)
    note(page, "Sent")
    page.get_by_role("button", name="Add the note").click()
    page.wait_for_selector("text=Noted.")
    assert page.evaluate("sessionStorage.typed") is None
    page.reload()
    assert page.input_value("#note textarea") == ""
