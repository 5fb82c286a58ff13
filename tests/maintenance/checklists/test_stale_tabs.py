"""Two tabs, or two people, on one checklist: who comes second is told, and nothing is lost."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from maintenance.checklists.models import Answer
from maintenance.checklists.services import answers
from opsconsole.measures.verdicts import Verdict
from tests.maintenance import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
CARD = {"HX-Request": "true", "HX-Target": "worksheet"}


@pytest.fixture
def answer(owner, now):
    return make.answer(make.run(due_at=now), "Volume overnight", answer_kind="number")


@pytest.fixture
def stale(signed_in, responder, answer):
    """A tab that shows the answer as it is now and sends later."""
    client, seen = signed_in(responder), answer.stamp

    def send(act, **data):
        url = reverse(f"checklists:{act}", args=[answer.pk])
        return client.post(url, {"next": "/today/", "seen": seen} | data, headers=CARD)

    return send


def test_it_tells_the_second_and_keeps_the_first(stale, answer, manager, now):
    answers.answer_value(actor=manager, answer=answer, value="12", now=now)
    page = stale("value", value="13").text
    assert f"has changed since this page showed it: Done by {manager}: 12." in page
    assert Answer.objects.get().number == 12
    assert 'value="13"' in page, "what was typed stays in the field"


def test_it_takes_the_second_when_it_is_sent_once_more(stale, answer, manager, now):
    answers.answer_value(actor=manager, answer=answer, value="12", now=now)
    stale("value", value="13", seen=Answer.objects.get().stamp)
    assert Answer.objects.get().number == 13


def test_it_does_not_write_over_a_note(stale, answer, manager, now):
    answers.item_note(actor=manager, answer=answer, note="Half of it is a robot.", now=now)
    page = stale("note", note="Looks odd.").text
    assert "Half of it is a robot." in page and "Looks odd." in page
    assert Answer.objects.get().note == "Half of it is a robot."


def test_it_does_not_tick_what_somebody_skipped(stale, answer, manager, now):
    answers.item_skip(actor=manager, answer=answer, reason="No data today", now=now)
    assert "Skipped by Manu: No data today" in stale("done").text.replace(str(manager), "Manu")
    assert Answer.objects.get().settled == "skipped"


def test_it_does_not_undo_what_somebody_else_did(stale, answer, manager, now):
    answers.item_note(actor=manager, answer=answer, note="Half of it is a robot.", now=now)
    assert "has changed since this page showed it" in stale("undo").text
    assert Answer.objects.get().settled == "noted"


def test_it_undoes_what_was_just_done(stale, signed_in, responder, answer):
    bar = stale("skip", reason="No data today").text.partition('class="undo"')[2]
    [url] = re.findall(r'hx-post="([^"]+)"', bar)
    assert "seen=" in url
    signed_in(responder).post(url, {"next": "/today/"}, headers=CARD)
    assert Answer.objects.get().settled == ""


def test_it_tells_even_after_a_slip(stale, answer, manager, now):
    """The page that says what is wrong with the text has not shown what the other did."""
    answers.item_note(actor=manager, answer=answer, note="Half of it is a robot.", now=now)
    [seen] = re.findall(r'name="seen" value="([^"]+)"', stale("note", note="").text)
    assert "has changed since" in stale("note", note="Looks odd.", seen=seen).text


def test_it_looks_once_more_when_it_writes(answer, responder, manager, now):
    """The page may be of an instant ago: what counts is the row that the act holds."""
    seen = answer.stamp
    answers.answer_value(actor=manager, answer=answer, value="12", now=now)
    with pytest.raises(ValidationError, match="has changed since"):
        answers.answer_value(actor=responder, answer=answer, value="13", now=now, seen=seen)
    assert Answer.objects.get().number == 12


def test_it_does_not_mind_what_the_machine_reads_meanwhile(run_of_machine, stale):
    assert "has changed" not in stale("note", note="Seen.").text


@pytest.fixture
def run_of_machine(answer, stale):
    Answer.objects.update(source="machine", verdict=Verdict.LOOK, number=5, text="5", kind="measure")


def test_it_loads_the_whole_page_when_somebody_else_has_signed_off(signed_in, responder, answer, now):
    """The card that comes anew every minute has no place in the record of a signed run."""
    Answer.objects.update(settled="noted")
    client = signed_in(responder)
    client.post(reverse("checklists:sign_off", args=[answer.run_id]))
    response = client.get(reverse("checklists:run", args=[answer.run_id]), headers=CARD)
    assert (response.headers.get("HX-Refresh"), response.content) == ("true", b"")
