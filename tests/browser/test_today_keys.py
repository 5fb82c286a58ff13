"""The checklist at /today/ by keyboard at the desk and by thumb on the phone, and without scripts."""

from datetime import timedelta

import pytest

from incidents.response.models import Incident
from maintenance.checklists.models import Run
from maintenance.checklists.states import RunStatus, Settled
from opsconsole.lib import clock
from opsconsole.measures.verdicts import Verdict
from tests.browser.conftest import DESKTOP, PHONE
from tests.maintenance import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CURRENT = "[data-rows] > [aria-current] .what > a"


@pytest.fixture
def run(owner):
    """Two exceptions, two questions, one fine."""
    now = clock.now()
    run = make.run(
        make.template("Morning checklist", next_at=now + timedelta(hours=20)), now - timedelta(minutes=5)
    )
    make.found(run, Verdict.BAD, "Every job reported", text="13 of 14", detail="backup-database is late")
    make.found(run, Verdict.LOOK, "Response time", text="512 ms", trend=[400, 420, 512])
    make.answer(run, "A test transaction goes through")
    make.answer(run, "Errors logged", answer_kind="number", unit="errors", better="lower", target=9)
    make.found(run, Verdict.OK, "Every service is up", text="12 of 12")
    return run


@pytest.fixture
def green(owner):
    now = clock.now()
    run = make.run(make.template("Morning checklist"), now - timedelta(minutes=5))
    make.found(run, Verdict.OK, "Every service is up", text="12 of 12")
    return run


def says(heading):
    return f"h1:text-is('{heading}')"


def state(run, position):
    return run.answers.get(position=position).settled


def test_it_takes_one_key_for_an_all_green_morning(green, responder, page_at):
    page = page_at(DESKTOP, user=responder)
    page.goto("/today/")
    assert page.inner_text("h1") == "Everything is fine. Sign off."
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".notice.ok")
    green.refresh_from_db()
    assert (green.status, green.signed_by) == (RunStatus.SIGNED, responder)


def test_it_takes_a_key_or_two_for_each_exception(run, responder, page_at):
    page = page_at(DESKTOP, user=responder)
    page.goto("/today/")
    page.keyboard.press("i")
    page.wait_for_selector("dialog[open] [name=title]")
    assert page.url.endswith("/today/")
    page.keyboard.press("Enter")
    page.wait_for_selector(says("One thing needs you, and two questions wait for your answer."))
    page.wait_for_selector(f"{CURRENT}:text-is('Response time')")
    page.keyboard.press("x")
    page.wait_for_selector(says("Two questions wait for your answer."))
    page.keyboard.press("x")
    page.wait_for_selector(says("One question waits for your answer."))
    page.keyboard.press("x")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.wait_for_selector(says("All is dealt with. Sign off."))
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".notice.ok")
    assert Run.objects.get().status == RunStatus.SIGNED
    assert Incident.objects.get().title == "Backup-database is late"


def test_it_sends_a_choice_by_the_enter_key(owner, responder, page_at):
    run = make.run(make.template(), clock.now() - timedelta(minutes=5))
    make.answer(run, "Capacity is enough", answer_kind="choice", choices=["Enough", "Too little"])
    page = page_at(DESKTOP, user=responder)
    page.goto("/today/")
    for key in ("x", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector(".undo:has-text('Capacity is enough')")
    assert run.answers.get().text == "Too little"


def test_it_keeps_a_dialog_open_when_something_else_has_loaded(run, responder, page_at):
    page = page_at(DESKTOP, user=responder)
    page.goto("/today/")
    page.keyboard.press("n")
    page.wait_for_selector("dialog[open] textarea")
    page.evaluate("htmx.ajax('GET', '/today/quarter/', {target: '#quarter', swap: 'outerHTML'})")
    assert page.is_visible("dialog[open] textarea")


def test_it_goes_to_a_department_by_two_keys_but_not_while_somebody_types(run, responder, page_at):
    page = page_at(DESKTOP, user=responder)
    page.goto("/today/")
    page.keyboard.press("n")
    page.locator("dialog[open] textarea").type("gi")
    page.click("dialog[open] >> text=Cancel")
    assert page.url.endswith("/today/")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/incidents/")


def test_it_loads_nothing_anew_where_somebody_types(run, responder, page_at):
    page, asked = page_at(DESKTOP, user=responder), []
    page.clock.install()
    page.goto("/today/")
    page.locator("li:has-text('Errors logged') .tag").click()
    page.locator("[name=value]").fill("4")
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(61_000)
    assert (asked, page.input_value("[name=value]")) == ([], "4")
    page.keyboard.press("Escape")
    with page.expect_request("**/today/"):
        page.clock.run_for(61_000)


def test_it_keeps_what_was_typed_into_one_row_when_another_is_done(run, responder, page_at):
    page = page_at(DESKTOP, user=responder)
    page.goto("/today/")
    field, other = page.locator("[data-rows] [name=value]"), page.locator("li", has_text="Response time")
    page.locator("li", has_text="Errors logged").locator(".tag").click()
    field.fill("4")
    other.locator(".tag").click()
    other.get_by_text("Done").click()
    page.wait_for_selector(says("One thing needs you, and two questions wait for your answer."))
    assert field.input_value() == "4"


def test_it_moves_notes_skips_and_undoes_by_keys(run, responder, page_at):
    page = page_at(DESKTOP, user=responder)
    page.goto("/today/")
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.wait_for_selector("dialog[open] textarea")
    page.keyboard.type("One slow query, known.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".undo:has-text('Noted: Response time')")
    page.keyboard.press("u")
    page.wait_for_selector(
        says("Two things need you, and two questions wait for your answer. Everything else is fine.")
    )
    page.wait_for_selector(f"{CURRENT}:text-is('Response time')")
    page.keyboard.press("s")
    page.wait_for_selector("dialog[open] [name=reason]")
    page.keyboard.type("Measured anew tomorrow")
    page.keyboard.press("Enter")
    page.wait_for_selector(".undo:has-text('Skipped: Response time')")
    assert state(run, 2) == Settled.SKIPPED


def test_it_shows_its_keys_and_hands_over(run, responder, manager, page_at):
    page = page_at(DESKTOP, user=responder)
    page.goto("/today/")
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_selector("dialog[open] [name=to]")
    page.select_option("[name=to]", label="Mara")
    page.click("dialog[open] >> text=Hand over >> nth=-1")
    page.wait_for_selector(".notice.ok:has-text('Handed over to Mara')")


def test_it_keeps_the_dialog_open_on_bad_input(run, responder, page_at):
    page = page_at(DESKTOP, user=responder)
    page.goto("/today/")
    page.keyboard.press("s")
    page.wait_for_selector("dialog[open] [name=reason]")
    page.eval_on_selector("dialog [name=reason]", "el => el.removeAttribute('required')")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] .errors")
    page.keyboard.press("Escape")
    assert state(run, 1) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_works_by_thumb(run, responder, page_at, good, scheme):
    page = page_at(PHONE, scheme, user=responder)
    page.goto("/today/")
    good(page)
    page.click("text=Response time")
    page.wait_for_selector("h1:has-text('Response time')")
    page.go_back()
    page.click("li:has-text('Response time') .tag")
    page.click("li[aria-current] >> text=Done")
    page.wait_for_selector(".undo:has-text('Done: Response time')")
    assert state(run, 2) == Settled.DONE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_fit_for_everybody(run, manager, page_at, good, scheme):
    page = page_at(DESKTOP, scheme, user=manager)
    answer, template = run.answers.first(), run.template_id
    base = "/maintenance/checklists/"
    paths = ["/today/", base, f"{base}{template}/", f"{base}{template}/edit/", f"{base}{template}/items/new/"]
    for path in [
        *paths,
        f"{base}runs/",
        f"{base}runs/{run.pk}/",
        f"{base}runs/{run.pk}/hand-over/",
        f"{base}answers/{answer.pk}/",
        f"{base}answers/{answer.pk}/skip/",
    ]:
        page.goto(path)
        good(page)


def test_it_works_without_scripts(run, responder, page_at):
    page = page_at(PHONE, user=responder, scripts=False)
    page.goto("/today/")
    page.click("li:has-text('Response time') >> text=Done")
    assert "Done: Response time" in page.inner_text(".undo")
    page.click("li:has-text('Every job reported') >> text=Skip")
    page.fill("[name=reason]", "Known")
    page.click("button.primary")
    page.click(".undo >> text=Undo")
    assert (state(run, 1), state(run, 2)) == ("", Settled.DONE)


def test_it_asks_nothing_about_a_note_that_was_sent(run, responder, page_at):
    page, asked = page_at(DESKTOP, user=responder), []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/today/")
    page.keyboard.press("n")
    page.locator("dialog[open] textarea").type("Ran it by hand.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("dialog", state="hidden")
    page.goto("/incidents/")
    assert asked == []


def test_it_tells_the_second_of_two_tabs(run, responder, manager, page_at):
    first, second = page_at(DESKTOP, user=manager), page_at(PHONE, user=responder)
    for page in (first, second):
        page.goto("/today/")
    errors = f"#answer-{run.answers.get(question='Errors logged').pk}"
    for page, number in ((first, "3"), (second, "4")):
        page.locator(f"{errors} .tag").click()
        page.locator(f"{errors} [name=value]").fill(number)
        page.locator(f"{errors} button", has_text="Save").click()
        page.wait_for_selector("dialog[open]" if page is second else ".undo")
    assert "has changed since this page showed it" in second.inner_text("dialog[open]")
    assert second.locator("dialog[open] [name=value]").input_value() == "4"
    assert run.answers.get(question="Errors logged").number == 3
