"""Acts from the page: by htmx and by plain forms, undone again, and what they answer to bad input."""

import pytest
from django.urls import reverse

from incidents.response.models import Incident
from maintenance.checklists.models import Answer
from maintenance.checklists.states import Settled
from opsconsole.measures.verdicts import Verdict
from tests.maintenance import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
CARD = {"HX-Request": "true", "HX-Target": "worksheet"}
DIALOG = {"HX-Request": "true", "HX-Target": "dialog"}


@pytest.fixture
def answer(owner, now):
    return make.answer(make.run(due_at=now), "Payments went through")


@pytest.fixture
def post(signed_in, responder, answer):
    client = signed_in(responder)

    def send(act, data=None, **more):
        return client.post(
            reverse(f"checklists:{act}", args=[answer.pk]), {"next": "/today/"} | (data or {}), **more
        )

    return send


def settled(answer):
    return Answer.objects.get(pk=answer.pk).settled


def test_it_goes_back_to_where_the_form_stood_and_offers_to_undo(post, client, answer):
    response = post("done")
    assert response["Location"] == f"/today/?did={answer.pk}"
    page = client.get(response["Location"]).content.decode()
    assert "Done: Payments went through" in page
    assert reverse("checklists:undo", args=[answer.pk]) in page


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
def test_it_goes_to_its_own_pages_only(post, answer, elsewhere):
    response = post("done", {"next": elsewhere})
    assert response["Location"].startswith(reverse("checklists:run", args=[answer.run_id]))


def test_it_gives_htmx_the_card_with_the_undo_bar(post, answer):
    page = post("done", headers=CARD).content.decode()
    assert "Everything is fine. Sign off." in page
    assert "Done: Payments went through" in page
    assert settled(answer) == Settled.DONE


def test_it_undoes(post, answer):
    post("done")
    page = post("undo", headers=CARD).content.decode()
    assert settled(answer) == ""
    assert f'data-chosen="answer-{answer.pk}"' in page


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("choice", "Too little", "<option selected>Too little</option>"),
        ("number", "4.5", 'value="4.5"'),
        ("text", "A robot", 'value="A robot"'),
    ],
)
def test_it_keeps_in_its_field_what_was_undone(post, answer, kind, value, kept):
    Answer.objects.update(answer_kind=kind, choices=["Enough", "Too little"])
    post("value", {"value": value})
    assert kept in post("undo", headers=CARD).text


def test_it_brings_the_form_into_the_dialog(signed_in, responder, answer):
    url = reverse("checklists:note", args=[answer.pk])
    page = signed_in(responder).get(url, headers=DIALOG).content.decode()
    assert page.startswith("<form")
    assert 'hx-target="#worksheet"' in page


def test_it_has_a_page_of_the_form_too(signed_in, responder, answer):
    page = signed_in(responder).get(reverse("checklists:skip", args=[answer.pk])).content.decode()
    assert "<html" in page
    assert "Why is it left out this time?" in page


@pytest.mark.parametrize(
    ("act", "data"), [("note", {"note": " "}), ("skip", {"reason": ""}), ("incident", {"title": ""})]
)
def test_it_says_what_is_missing(post, answer, act, data):
    response = post(act, data)
    assert response.status_code == 422
    assert "is still empty: fill it in." in response.content.decode()
    assert settled(answer) == ""


@pytest.mark.parametrize(("act", "field"), [("note", "note"), ("value", "value")])
def test_it_takes_no_novel(post, answer, act, field):
    assert "may have 10,000 characters; this has 10,001: shorten it." in post(act, {field: "x" * 10_001}).text
    assert settled(answer) == ""


def test_it_says_what_is_missing_in_the_dialog(post, answer):
    response = post("skip", {"reason": ""}, headers=CARD)
    assert (response.status_code, response["HX-Retarget"]) == (200, "#dialog")
    assert "is still empty: fill it in." in response.content.decode()


def test_it_says_what_is_wrong_with_a_number(post, answer):
    Answer.objects.update(answer_kind="number")
    assert "Write a number such as 12 or 4.6." in post("value", {"value": "many"}).content.decode()
    assert "wants a number first" in post("done", headers=CARD).content.decode()


def test_it_opens_an_incident_with_what_the_form_proposes(post, client, answer):
    Answer.objects.update(kind="check", source="machine", verdict=Verdict.BAD, detail="API is down")
    page = client.get(reverse("checklists:incident", args=[answer.pk])).content.decode()
    assert 'value="API is down"' in page
    post("incident", {"title": "API is down", "severity": "2"})
    incident = Incident.objects.get()
    assert (incident.title, incident.severity) == ("API is down", 2)
    assert settled(answer) == Settled.INCIDENT


def test_it_refuses_after_the_sign_off_and_says_so(post, answer, now):
    answer.run.signed_at = now
    answer.run.save()
    page = post("done", headers=CARD).content.decode()
    assert "This checklist is signed off; its answers stay as they are." in page


def test_it_hands_over(signed_in, manager, responder, answer):
    url = reverse("checklists:hand_over", args=[answer.run_id])
    page = signed_in(manager).post(url, {"to": responder.pk, "next": "/today/"}, follow=True).content.decode()
    assert f"Handed over to {responder}" in page
    assert f"with {responder}" in page


def test_it_offers_everybody_but_who_has_it(signed_in, manager, responder, answer):
    url, client = reverse("checklists:hand_over", args=[answer.run_id]), signed_in(manager)
    assert f">{manager}</option>" not in client.get(url).text
    client.post(url, {"to": responder.pk})
    page = client.get(url).text
    assert f">{manager}</option>" in page and f">{responder}</option>" not in page


def test_it_hands_over_to_nobody_by_mistake(signed_in, manager, answer):
    url = reverse("checklists:hand_over", args=[answer.run_id])
    assert "Choose who goes on with it." in signed_in(manager).post(url, {"to": ""}).text


def test_it_hands_over_to_somebody_who_may(signed_in, manager, viewer, answer):
    url = reverse("checklists:hand_over", args=[answer.run_id])
    response = signed_in(manager).post(url, {"to": viewer.pk})
    assert response.status_code == 422


def test_it_reads_again_when_asked(signed_in, responder, answer, world):
    make.found(answer.run, Verdict.UNKNOWN, binding="test.up")
    signed_in(responder).post(reverse("checklists:read_again", args=[answer.run_id]))
    assert Answer.objects.filter(kind="check", verdict=Verdict.OK).exists()


def test_it_says_what_still_needs_somebody(signed_in, responder, answer):
    page = signed_in(responder).post(reverse("checklists:sign_off", args=[answer.run_id]), follow=True).text
    assert "1 item still needs you: “Payments went through”" in page


def test_it_says_who_was_first_to_sign(post, signed_in, manager, responder, answer, frozen):
    post("done")
    url = reverse("checklists:sign_off", args=[answer.run_id])
    signed_in(responder).post(url)
    frozen.shift(60)
    page = signed_in(manager).post(url, follow=True).content.decode()
    assert f"Morning: {responder} had signed it off already." in page


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({}, "Payments went through: no"),
        ({"answer_kind": "number", "unit": "%"}, "Payments went through"),
        (
            {"answer_kind": "number", "unit": "%", "number": 7.25, "source": "person"},
            "Payments went through: 7.25 %",
        ),
        ({"answer_kind": "text", "text": "Two hang", "source": "person"}, "Payments went through: Two hang"),
    ],
)
def test_it_begins_the_title_of_an_incident_with_what_was_found(signed_in, responder, answer, fields, title):
    Answer.objects.update(**fields)
    page = signed_in(responder).get(reverse("checklists:incident", args=[answer.pk])).text
    assert f'value="{title}"' in page


def test_it_shows_a_number_as_it_was_typed(post, answer):
    """4.46 missed a target of 4.5: shown as 4.5 it would look as if it had not."""
    Answer.objects.update(answer_kind="number", better="higher", target=4.5)
    assert '<span class="value">4.46</span>' in post("value", {"value": "4.46"}, headers=CARD).text


def test_it_lets_a_slip_be_mended(post, signed_in, responder, answer):
    """A wrong number that is bad waits for somebody to act: it can also be typed anew."""
    Answer.objects.update(answer_kind="number", better="lower", target=100)
    url = reverse("checklists:value", args=[answer.pk])
    assert f'href="{url}?next=/today/"' in post("value", {"value": "975"}, headers=CARD).text
    page = signed_in(responder).get(reverse("checklists:answer", args=[answer.pk])).text
    assert f'href="{url}">Correct</a>' in page
    post("value", {"value": "97.5"})
    assert settled(answer) == Settled.DONE
