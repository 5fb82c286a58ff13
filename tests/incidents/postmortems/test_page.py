"""/incidents/INC-001/postmortem/: read, write, publish; and the list."""

from datetime import date

import pytest

from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.sentences import board
from incidents.postmortems.services import action_add, postmortem_create, postmortem_publish
from incidents.postmortems.states import Status
from incidents.response.services import incident_note, incident_resolve
from opsconsole.accounts.roles import SYSTEM
from opsconsole.ui.templatetags.ui import glued
from tests.incidents import make
from tests.incidents.postmortems.conftest import ANSWERS

pytestmark = pytest.mark.django_db
URL = "/incidents/INC-001/postmortem/"
LIST = "/incidents/postmortems/"


@pytest.fixture
def browser(signed_in, responder, postmortem, frozen):
    return signed_in(responder)


def html(client, url=URL):
    return client.get(url).content.decode()


@pytest.mark.parametrize("url", [URL, LIST])
def test_it_asks_strangers_to_sign_in(client, postmortem, url):
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("path", ["create/", "save/", "revise/", "action/"])
def test_it_lets_no_viewer_write(signed_in, viewer, postmortem, responder, path):
    data = ANSWERS | {"version": "1", "title": "x", "owner": responder.pk, "due_on": "2026-12-01"}
    assert signed_in(viewer).post(URL + path, data).status_code == 403


def test_it_shows_viewers_text_without_a_form(signed_in, viewer, postmortem):
    page = html(signed_in(viewer))
    assert "Not answered yet." in page
    assert "Save and publish" not in page


def test_it_says_what_is_left(browser):
    page = html(browser)
    assert glued("The postmortem of INC-001 is due in 2 days; 6 of 6 answers are missing.") in page
    assert "Why was it not caught earlier?" in page
    assert "No service changed its state." in page


def test_it_changes_nothing_when_looked_at(browser):
    before = Postmortem.objects.values().get()
    html(browser), html(browser, LIST)
    assert Postmortem.objects.values().get() == before


def test_it_keeps_a_draft(browser):
    browser.post(URL + "save/", ANSWERS | {"version": "1", "why": ""})
    found = Postmortem.objects.get()
    assert (found.status, found.why, found.helped) == (Status.DRAFT, "", "About helped.")


def test_it_publishes(browser):
    answer = browser.post(URL + "save/", ANSWERS | {"version": "1", "publish": "1"}, follow=True)
    assert "was published by Rafi on 18 Nov 2026." in answer.content.decode()
    assert Postmortem.objects.get().status == Status.PUBLISHED


def test_it_only_saves_by_the_enter_key(browser):
    """Which presses the first button of a form."""
    form = html(browser).partition('postmortem/save/"')[2].partition("</form>")[0]
    assert form.index("Save the draft") < form.index("Save and publish")


def test_it_counts_the_answer_that_is_missing(browser):
    browser.post(URL + "save/", ANSWERS | {"version": "1", "why": ""})
    assert "1 of 6 answers is missing." in html(browser)


def test_it_says_what_is_missing_and_keeps_the_rest(browser):
    answer = browser.post(URL + "save/", ANSWERS | {"version": "1", "publish": "1", "why": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Before it can be published, write “Why did it happen?”" in page
    assert "About helped." in page


def test_it_shows_both_texts_when_two_write(browser, written):
    answer = browser.post(URL + "save/", ANSWERS | {"version": "1", "why": "Mine"})
    assert "saved it while you wrote" in answer.content.decode()
    assert "Mine" in answer.content.decode()
    assert Postmortem.objects.get().why == "About why."


def test_it_tells_of_the_other_even_after_a_slip(browser, written):
    """A page that only said what is wrong with a text has not shown what the other wrote."""
    slip = browser.post(URL + "save/", ANSWERS | {"version": "1", "root_cause": "x" * 301})
    assert slip.context["form"]["version"].value() == "1"


def test_it_keeps_what_was_typed_while_somebody_published(browser, written, responder, now):
    postmortem_publish(actor=responder, postmortem=written, now=now)
    page = browser.post(URL + "save/", ANSWERS | {"version": "2", "why": "Mine"}).text
    assert "It is published; take it back to draft" in page
    assert "Mine" in page


@pytest.mark.parametrize("version", ["", "x"])
def test_it_bears_a_form_without_its_version(browser, version):
    assert browser.post(URL + "save/", ANSWERS | {"version": version}).status_code == 422


def test_it_renders_markdown_and_never_markup(browser):
    answers = ANSWERS | {"version": "1", "publish": "1", "why": "**Pool** <img src=x onerror=alert(1)>"}
    page = browser.post(URL + "save/", answers, follow=True).content.decode()
    assert "<strong>Pool</strong>" in page
    assert "<img" not in page


def test_it_shows_the_frozen_facts(browser, written, responder, now):
    postmortem_publish(actor=responder, postmortem=written, now=now)
    incident_note(actor=responder, incident=written.incident, text="Said afterwards", now=now)
    page = html(browser)
    assert "Said afterwards" not in page
    assert "Rafi acknowledged" in page


def test_it_goes_back_to_draft(browser, written, responder, now):
    postmortem_publish(actor=responder, postmortem=written, now=now)
    assert "It is a draft again." in browser.post(URL + "revise/", follow=True).content.decode()


def test_it_proposes_who_had_it_and_offers_only_those_who_can_do_it(browser, responder, viewer):
    field = browser.get(URL).context["action_form"]["owner"]
    assert field.initial == responder.pk
    assert viewer not in field.field.queryset and responder in field.field.queryset


def test_it_adds_an_action(browser, responder):
    browser.post(URL + "action/", {"title": "Load test", "owner": responder.pk, "due_on": "2026-12-01"})
    action = Action.objects.get()
    assert (action.owner, action.due_on) == (responder, date(2026, 12, 1))
    assert "Load test" in html(browser, LIST)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "Say what will be done."),
        ("owner", "", "nobody&#x27;s action is nobody&#x27;s"),
        ("due_on", "9999-12-31", "between the years"),
        ("due_on", "soon", "Write a day as 2026-11-16."),
        ("due_on", "2026-01-01", "That day has passed"),
    ],
)
def test_it_says_what_an_action_wants(browser, responder, field, value, said):
    data = {"title": "Load test", "owner": responder.pk, "due_on": "2026-12-01"} | {field: value}
    answer = browser.post(URL + "action/", data)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_it_finishes_an_action_and_goes_back(browser, postmortem, responder, now):
    action = action_add(
        actor=responder, postmortem=postmortem, title="x", owner=responder, due_on=date(2026, 12, 1), now=now
    )
    answer = browser.post(f"/incidents/actions/{action.pk}/done/", {"next": LIST})
    assert answer.url == LIST
    for elsewhere in ["https://evil.example/", "//evil.example/", "x:y", "1", "\0", ""]:
        answer = browser.post(f"/incidents/actions/{action.pk}/reopen/", {"next": elsewhere})
        assert answer.url == URL


def test_it_offers_one_where_there_is_none(signed_in, responder, now):
    incident = make.incident(severity=3)
    browser = signed_in(responder)
    assert "It can be drafted once the incident is resolved." in html(browser)
    incident_resolve(actor=responder, incident=incident, now=now)
    assert "Draft the postmortem" in html(browser)
    browser.post(URL + "create/")
    assert Postmortem.objects.get().required is False


def test_it_says_why_it_cannot_be_drafted_yet(signed_in, responder):
    make.incident()
    page = signed_in(responder).post(URL + "create/", follow=True).content.decode()
    assert "is not resolved yet" in page


def test_it_says_when_nothing_is_left(signed_in, viewer):
    page = html(signed_in(viewer), LIST)
    assert "Nothing is left to review, and every action is done." in page
    assert "None is published yet" in page


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 0, 0), "Nothing is left to review, and every action is done."),
        ((0, 1, 0, 2), "Nothing is late; one postmortem and 2 actions to finish."),
        ((1, 1, 3, 4), "One postmortem is late and 3 actions are late."),
        ((0, 0, 1, 1), "One action is late."),
    ],
)
def test_it_begins_with_what_is_true(counts, said):
    assert board(*counts) == said


@pytest.mark.parametrize("count", [0, 25])
def test_it_asks_the_database_a_fixed_number_of_times(
    browser, postmortem, responder, checkout, now, django_assert_max_num_queries, count
):
    for number in range(count):
        incident = make.incident(f"Number {number}", service=checkout)
        incident_resolve(actor=responder, incident=incident, now=now)
        other = postmortem_create(actor=SYSTEM, incident=incident, now=now)
        for found in (postmortem, other):
            action_add(
                actor=responder,
                postmortem=found,
                title="x",
                owner=responder,
                due_on=date(2026, 12, 1),
                now=now,
            )
    with django_assert_max_num_queries(21):
        html(browser)
    with django_assert_max_num_queries(11):
        html(browser, LIST)
