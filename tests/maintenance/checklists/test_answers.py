"""What people do about an answer."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.response.models import Incident
from maintenance.checklists.models import Run
from maintenance.checklists.services import answers
from maintenance.checklists.states import Settled, Source, needs_person
from opsconsole.measures.verdicts import Verdict
from tests.maintenance import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(team, now):
    return make.run(due_at=now)


def state(answer):
    answer.refresh_from_db()
    return answer.settled, answer.source, answer.verdict


def test_it_ticks_a_manual_item(run, responder, now):
    answer = make.answer(run)
    answers.item_done(actor=responder, answer=answer, now=now)
    assert state(answer) == (Settled.DONE, Source.PERSON, Verdict.OK)
    assert answer.settled_by == responder


def test_it_leaves_bad_what_the_machine_found_bad(run, responder, now):
    answer = make.found(run, Verdict.BAD)
    answers.item_done(actor=responder, answer=answer, now=now)
    assert state(answer) == (Settled.DONE, Source.MACHINE, Verdict.BAD)


@pytest.mark.parametrize(
    "fields", [{"verdict": Verdict.UNKNOWN}, {"verdict": Verdict.OK, "freshness_minutes": 1}]
)
def test_it_counts_as_verified_by_the_person_what_the_machine_could_not(run, responder, now, fields):
    answer = make.found(run, **fields)
    answers.item_done(actor=responder, answer=answer, now=now + timedelta(minutes=2))
    assert state(answer) == (Settled.DONE, Source.PERSON, Verdict.OK)


def test_it_wants_the_number_before_the_tick(run, responder, now):
    answer = make.answer(run, answer_kind="number")
    with pytest.raises(ValidationError, match="wants a number first"):
        answers.item_done(actor=responder, answer=answer, now=now)


def test_it_settles_by_a_good_number(run, responder, now):
    answer = make.answer(run, answer_kind="number", better="higher", target=4.5)
    answers.answer_value(actor=responder, answer=answer, value=" 4.6 ", now=now)
    assert state(answer) == (Settled.DONE, Source.PERSON, Verdict.OK)
    assert (answer.number, answer.trend) == (4.6, [4.6])


def test_it_takes_a_correction_in_place_of_the_number_before(run, responder, now):
    answer = make.answer(run, answer_kind="number", better="lower", target=0, trend=[1.0])
    for value in ("975", "97,5"):
        answers.answer_value(actor=responder, answer=answer, value=value, now=now)
    answer.refresh_from_db()
    assert (answer.number, answer.trend) == (97.5, [1.0, 97.5])


def test_it_still_needs_somebody_after_a_bad_number(run, responder, now):
    answer = make.answer(run, answer_kind="number", better="lower", target=0, limit=5)
    answers.answer_value(actor=responder, answer=answer, value="6 %", now=now)
    assert state(answer) == ("", Source.PERSON, Verdict.BAD)
    assert needs_person(answer, now)
    answers.item_done(actor=responder, answer=answer, now=now)
    assert state(answer) == (Settled.DONE, Source.PERSON, Verdict.BAD)


@pytest.mark.parametrize("value", ["", "many", "nan", "inf", "1e300", "9" * 16])
def test_it_refuses_what_is_not_a_number(run, responder, now, value):
    answer = make.answer(run, answer_kind="number")
    with pytest.raises(ValidationError, match="Write a number"):
        answers.answer_value(actor=responder, answer=answer, value=value, now=now)
    assert state(answer) == ("", "", Verdict.UNKNOWN)


def test_it_judges_a_choice(run, responder, now):
    answer = make.answer(run, answer_kind="choice", choices=["Enough", "Too little"])
    answers.answer_value(actor=responder, answer=answer, value="Too little", now=now)
    assert state(answer) == ("", Source.PERSON, Verdict.LOOK)


@pytest.mark.parametrize(("kind", "value"), [("choice", "Neither"), ("choice", ""), ("text", " ")])
def test_it_refuses_what_is_no_answer(run, responder, now, kind, value):
    answer = make.answer(run, answer_kind=kind, choices=["Enough", "Too little"])
    with pytest.raises(ValidationError):
        answers.answer_value(actor=responder, answer=answer, value=value, now=now)


def test_it_takes_no_value_for_what_the_machine_answers(run, responder, now):
    with pytest.raises(ValidationError, match="answered by the console"):
        answers.answer_value(actor=responder, answer=make.found(run), value="1", now=now)


def test_it_settles_an_exception_by_a_note_and_keeps_it_with_a_later_tick(run, responder, now):
    answer = make.found(run, Verdict.LOOK)
    answers.item_note(actor=responder, answer=answer, note=" Known. ", now=now)
    assert state(answer) == (Settled.NOTED, Source.MACHINE, Verdict.LOOK)
    answers.item_done(actor=responder, answer=answer, now=now)
    assert state(answer)[0] == Settled.DONE
    assert answer.note == "Known."


def test_it_leaves_done_what_gets_a_note_later(run, responder, now):
    answer = make.answer(run)
    answers.item_done(actor=responder, answer=answer, now=now)
    answers.item_note(actor=responder, answer=answer, note="Both of them.", now=now)
    assert state(answer)[0] == Settled.DONE


def test_it_is_not_green_by_a_note_alone(run, responder, now):
    answer = make.answer(run)
    answers.item_note(actor=responder, answer=answer, note="Tomorrow.", now=now)
    assert state(answer) == (Settled.NOTED, "", Verdict.UNKNOWN)


def test_it_skips_with_a_reason_only(run, responder, now):
    answer = make.answer(run)
    with pytest.raises(ValidationError, match="Say why"):
        answers.item_skip(actor=responder, answer=answer, reason=" ", now=now)
    answers.item_skip(actor=responder, answer=answer, reason="No payments on Sundays", now=now)
    assert state(answer)[0] == Settled.SKIPPED
    assert answer.skip_reason == "No payments on Sundays"


def test_it_opens_an_incident_once(run, responder, now):
    answer = make.found(run, Verdict.BAD)
    for _ in range(2):
        answers.incident_from_item(actor=responder, answer=answer, title="API is down", severity=2, now=now)
    incident = Incident.objects.get()
    assert state(answer)[0] == Settled.INCIDENT
    assert (answer.incident_number, incident.title) == (incident.number, "API is down")


def test_it_opens_no_incident_without_a_title(run, responder, now):
    with pytest.raises(ValidationError, match="Say in a few words"):
        answers.incident_from_item(actor=responder, answer=make.answer(run), title=" ", severity=2, now=now)


def test_it_undoes_and_keeps_what_was_typed(run, responder, now):
    answer = make.answer(run, answer_kind="number")
    answers.answer_value(actor=responder, answer=answer, value="7", now=now)
    answers.item_note(actor=responder, answer=answer, note="A guess.", now=now)
    answers.item_undo(actor=responder, answer=answer, now=now + timedelta(hours=1))
    assert state(answer) == ("", "", Verdict.UNKNOWN)
    assert (answer.number, answer.note, answer.settled_by) == (7, "A guess.", None)


def test_it_gives_the_machine_back_what_a_person_had_verified(run, responder, now):
    answer = make.found(run, Verdict.UNKNOWN)
    answers.item_done(actor=responder, answer=answer, now=now)
    answers.item_undo(actor=responder, answer=answer, now=now)
    assert state(answer) == ("", Source.MACHINE, Verdict.UNKNOWN)


def test_it_refuses_viewers(run, viewer, now):
    with pytest.raises(PermissionDenied):
        answers.item_done(actor=viewer, answer=make.answer(run), now=now)


def test_it_changes_nothing_after_the_sign_off(run, responder, now):
    answer = make.answer(run)
    Run.objects.update(signed_at=now)
    with pytest.raises(ValidationError, match="signed off"):
        answers.item_done(actor=responder, answer=answer, now=now)


def test_it_counts_the_time_taken_without_long_pauses(run, responder, now):
    answer = make.answer(run)
    for minutes in (0, 1, 60):
        answers.item_note(actor=responder, answer=answer, note="So.", now=now + timedelta(minutes=minutes))
    run.refresh_from_db()
    assert (run.first_touched_at, run.seconds_spent) == (now, 60 + 300)
