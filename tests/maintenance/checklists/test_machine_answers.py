"""What the machine answers, and what it keeps beside it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from maintenance.checklists import tasks
from maintenance.checklists.bindings import find
from maintenance.checklists.models import Item, Run
from maintenance.checklists.services import machine
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import measures
from opsconsole.measures.verdicts import Reading, Verdict
from tests.maintenance import make

pytestmark = pytest.mark.django_db


def measured(**fields) -> Item:
    return Item(question="Is it fast?", kind="measure", binding="test.latency", **fields)


def checked(binding="test.up") -> Item:
    return Item(question="Is it up?", kind="check", binding=binding)


def test_it_answers_by_a_measure_and_its_rule(world, now):
    found = find(measured(), now)
    assert (found.verdict, found.number, found.text) == (Verdict.OK, 412, "412 ms")
    assert found.detail == "wanted at most 500 ms, bad above 800 ms"
    assert found.evidence_url == "/monitoring/"


def test_it_reads_a_measure_over_the_items_window(world, now):
    find(measured(window_hours=48), now)
    assert (world.periods[0].start, world.periods[0].end) == (now - timedelta(hours=48), now)


@pytest.mark.parametrize(
    ("value", "verdict"), [(600, Verdict.LOOK), (900, Verdict.BAD), (None, Verdict.UNKNOWN)]
)
def test_it_judges(world, now, value, verdict):
    world.latency = value
    assert find(measured(), now).verdict == verdict


@pytest.mark.parametrize(("coverage", "share"), [(0.12, "only 12 %"), (0.001, "less than 1 %")])
def test_it_says_when_too_little_was_measured(world, now, monkeypatch, coverage, share):
    monkeypatch.setattr(world, "read", lambda period: Reading(412, coverage=coverage, detail="3 answers"))
    monkeypatch.setitem(measures._entries, "test.latency", replace(measures["test.latency"], read=world.read))
    found = find(measured(), now)
    said = f"Could not verify: {share} of this time was measured; 3 answers"
    assert (found.verdict, found.detail) == (Verdict.UNKNOWN, said)


def test_it_says_when_nothing_was_measured(world, now):
    world.latency = None
    assert find(measured(), now).detail == "Could not verify: nothing was measured in this time"


def test_it_puts_the_items_own_rule_first(world, now):
    assert find(measured(better="lower", target=100.0, limit=200.0), now).verdict == Verdict.BAD


def test_it_answers_by_a_check(world, now):
    found = find(checked(), now)
    assert (found.verdict, found.text, found.detail) == (Verdict.OK, "3 of 3", "All three answer")


def test_it_could_not_verify_what_failed_to_read(world, now):
    world.error = RuntimeError("no route")
    found = find(checked(), now)
    assert (found.verdict, found.detail) == (Verdict.UNKNOWN, "Could not verify: no route")


@pytest.mark.parametrize("item", [checked("gone.away"), checked("nobody:knows"), measured()])
def test_it_could_not_verify_what_does_not_exist(db, now, item):
    found = find(item, now)
    assert found.verdict == Verdict.UNKNOWN
    assert found.detail.startswith("Could not verify: this console has no")


def test_it_keeps_a_trend_of_a_measures_days_and_now(team, world, now):
    template = make.template()
    make.item(template, kind="measure", binding="test.latency")
    for day in range(1, 18):
        DailyValue.objects.create(
            measure="test.latency", day=date(2026, 11, day), value=day, verdict=Verdict.OK, read_at=now
        )
    tasks.open_due(now)
    answer = Run.objects.get(template=template).answers.get()
    assert answer.trend == [*range(5, 18), 412]


def test_it_keeps_a_trend_of_what_people_answered(team, now):
    template = make.template()
    item = make.item(template, answer_kind="number")
    for day in (3, 2, 1):
        earlier = make.run(template, now - timedelta(days=day))
        make.answer(earlier, item=item, number=day, source="person", answer_kind="number")
    tasks.open_due(now)
    assert Run.objects.get(due_at=now).answers.get().trend == [3, 2, 1]


def test_it_keeps_the_question_as_it_was_asked(team, now):
    template = make.template()
    item = make.item(template, "Is it up?", better="lower", target=1.0, choices=["a", "b"])
    tasks.open_due(now)
    item.question, item.target = "Is it down?", 2.0
    item.save()
    answer = Run.objects.get(template=template).answers.get()
    assert (answer.question, answer.target, answer.choices) == ("Is it up?", 1.0, ["a", "b"])
    item.delete()
    assert Run.objects.get(template=template).answers.get().item is None


def test_it_copies_every_field_of_a_question():
    assert set(machine.COPIED) == {f.name for f in Item._meta.local_fields} - {"id", "template"}
