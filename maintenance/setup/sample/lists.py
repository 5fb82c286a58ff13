"""The checklists of the past: answered by the machine, the exceptions by Mia, signed off nearly always in time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from maintenance.checklists.models import Answer, Item, Question, Run, Template
from maintenance.checklists.services.templates import templates_install
from maintenance.checklists.states import AnswerKind, ItemKind, RunStatus, Settled, Source
from maintenance.setup.sample.outages import Outage
from maintenance.setup.sample.world import World
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import measures
from opsconsole.measures.verdicts import Reading, Verdict, worst

COPIED = [field.attname for field in Question._meta.fields]
TROUBLED = ("incidents.", "probes.", "postmortems.")


def write(world: World, outages: Sequence[Outage]) -> None:
    templates_install(now=world.now)
    values = {(v.measure, v.day): v.value for v in DailyValue.objects.all()}
    for template in Template.objects.filter(is_active=True).prefetch_related("items"):
        for day in world.dates:
            if world.dice.random() > 0.01:  # now and then nobody was there
                _run(world, template, day, outages, values)


def leave_open(world: World) -> None:
    """The latest list that came due stays for whoever looks at the sample: the next sweep opens it."""
    latest = max(Template.objects.filter(is_active=True), key=lambda template: _last_due(world, template))
    Template.objects.filter(pk=latest.pk).update(next_at=_last_due(world, latest))


def _last_due(world: World, template: Template) -> datetime:
    *_, last = template.schedule(world.zone.key).between(world.now - timedelta(days=8), world.now)
    return last


def _run(
    world: World,
    template: Template,
    day: date,
    outages: Sequence[Outage],
    values: dict[tuple[str, date], float | None],
) -> None:
    due = datetime.combine(day, template.wall, world.zone)
    if not template.schedule(world.zone.key).holds(day):
        return
    night = [o for o in outages if due - timedelta(hours=15) < o.start < due]
    signed = due + timedelta(minutes=world.dice.lognormvariate(2.6, 0.8))
    run = Run.objects.create(
        template=template,
        name=template.name,
        due_at=due,
        deadline_at=due + template.deadline,
        opened_at=due,
        status=RunStatus.SIGNED,
        signed_at=signed,
        signed_by=world.people["Mia Berger"],
        first_touched_at=signed - timedelta(minutes=3),
        last_touched_at=signed,
        seconds_spent=world.dice.randint(40, 420),
    )
    answers = [
        _answer(world, run, item, _found(world, item, night, values, due)) for item in template.items.all()
    ]
    Answer.objects.bulk_create(answers)
    run.verdict = worst([Verdict(answer.verdict) for answer in answers])
    run.save(update_fields=["verdict"])
    world.keep([run])


def _answer(world: World, run: Run, item: Item, found: dict[str, Any]) -> Answer:
    copied = {name: getattr(item, name) for name in COPIED}
    answered = {"source": Source.MACHINE, "verdict": Verdict.OK, "read_at": run.due_at} | found
    answer = Answer(run=run, item=item, **copied, **answered)
    if answer.source == Source.PERSON or answer.verdict != Verdict.OK:
        answer.settled, answer.settled_at = answer.settled or Settled.NOTED, run.signed_at
        answer.settled_by = world.people["Mia Berger"]
    return answer


def _found(
    world: World,
    item: Item,
    night: Sequence[Outage],
    values: dict[tuple[str, date], float | None],
    due: datetime,
) -> dict[str, Any]:
    """What the machine, or Mia, found for one item."""
    if item.kind == ItemKind.MANUAL:
        return {"source": Source.PERSON, "settled": Settled.DONE, **_typed(world, item)}
    if night and item.binding.startswith(TROUBLED):
        return {"verdict": Verdict.LOOK, "text": f"{len(night)} in the night", "note": night[0].note}
    if item.kind == ItemKind.MEASURE and item.binding in measures:
        value = values.get((item.binding, due.date() - timedelta(days=1)))
        rule = item.rule or measures[item.binding].rule
        return {"number": value, "verdict": rule.judge(Reading(value))}
    return {"text": "fine"}


def _typed(world: World, item: Item) -> dict[str, Any]:
    if item.answer_kind == AnswerKind.NUMBER:
        return {"number": float(world.dice.randint(20, 60))}
    return {"text": item.choices[0] if item.choices else ""}
