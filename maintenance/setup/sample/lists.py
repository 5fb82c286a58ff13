"""The checklists of the past: answered by the machine, the exceptions by people, signed off nearly always in time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from incidents.postmortems.models import Postmortem
from maintenance.checklists.models import Answer, Item, Question, Run, Template
from maintenance.checklists.services.templates import templates_install
from maintenance.checklists.states import ItemKind, RunStatus, Settled, Source
from maintenance.setup.sample.answers import Moment, found
from maintenance.setup.sample.outages import Outage
from maintenance.setup.sample.world import World, insert
from opsconsole.measures.models import DailyValue
from opsconsole.measures.verdicts import Verdict, worst

COPIED = [field.attname for field in Question._meta.fields]
REREAD = timedelta(minutes=5)
MISSED, LATE = 0.003, 0.008  # of the runs; three times as often at weekends


def write(world: World, outages: Sequence[Outage]) -> None:
    """Everything that came due, but the latest; that one the next sweep opens for whoever looks at the sample."""
    templates_install(now=world.now)
    dues = sorted(_dues(world), key=lambda pair: pair[1])
    latest, last = dues.pop()
    Template.objects.filter(pk=latest.pk).update(next_at=last)
    past = Past(outages, world.zone)
    runs = Run.objects.bulk_create([_run(world, *pair) for pair in dues], batch_size=500)
    _answer(world, runs, past)
    world.keep(runs)


def _dues(world: World) -> Iterator[tuple[Template, datetime]]:
    for template in Template.objects.filter(is_active=True):
        for due in template.schedule(world.zone.key).between(world.start, world.now):
            yield template, due


class Past:
    """What is needed to know what was so at a moment."""

    def __init__(self, outages: Sequence[Outage], zone: ZoneInfo) -> None:
        self.outages, self.zone = outages, zone
        self.values = {(row.measure, row.day): row.value for row in DailyValue.objects.all()}
        self.late = [(one.due_at, one.published_at) for one in Postmortem.objects.all()]

    def at(self, due: datetime) -> Moment:
        day = due - timedelta(days=1)
        return Moment(
            due.astimezone(self.zone),
            self.values,
            [one for one in self.outages if day < one.start <= due],
            [
                one
                for one in self.outages
                if one.case.job and one.start <= due and (one.end is None or due < one.end)
            ],
            sum(until < due and (done is None or due < done) for until, done in self.late),
        )


def _run(world: World, template: Template, due: datetime) -> Run:
    """Missed, late or in time; Mia signs on working days, whoever is on call at weekends."""
    weekend = due.astimezone(world.zone).weekday() > 4
    luck, times = world.dice.random(), 3 if weekend else 1
    run = Run(
        template=template, name=template.name, due_at=due, deadline_at=due + template.deadline, opened_at=due
    )
    if luck < MISSED * times:
        run.status, run.missed_at = RunStatus.MISSED, run.deadline_at
        return run
    late = luck < (MISSED + LATE) * times
    minutes = world.dice.randint(130, 260) if late else min(110.0, world.dice.lognormvariate(2.6, 0.8))
    run.status, run.signed_at = RunStatus.SIGNED, due + timedelta(minutes=minutes)
    run.seconds_spent = world.dice.randint(90, 620)
    run.first_touched_at = run.signed_at - timedelta(seconds=run.seconds_spent)
    run.last_touched_at = run.signed_at
    run.signed_by = world.people[
        world.dice.choice(("Jonas Lind", "Sarah Okafor")) if weekend else "Mia Berger"
    ]
    return run


Fields = dict[str, Any]


def _answer(world: World, runs: Sequence[Run], past: Past) -> None:
    asks: dict[int, list[Ask]] = defaultdict(list)
    for item in Item.objects.order_by("position", "id"):
        asks[item.template_id].append(Ask(item))
    rows: list[list[object]] = []
    for run in runs:
        moment = past.at(run.due_at)
        mine = [_one(world, run, ask.item, moment) for ask in asks[run.template_id]]
        if run.signed_at:
            run.verdict = worst([Verdict(fields["verdict"]) for fields in mine])
        rows += (ask.row(fields) for ask, fields in zip(asks[run.template_id], mine, strict=True))
    Run.objects.bulk_update(runs, ["verdict"], batch_size=400)
    insert(Answer, list(COLUMNS), rows)


def _one(world: World, run: Run, item: Item, moment: Moment) -> Fields:
    """What an answer has besides its question."""
    unknown: Fields = {"run_id": run.pk, "verdict": Verdict.UNKNOWN}
    if run.missed_at and item.kind == ItemKind.MANUAL:
        return unknown
    machine = {"source": Source.MACHINE, "verdict": Verdict.OK, "read_at": _read_at(run)}
    fields = unknown | machine | found(world, item, moment)
    if run.missed_at:
        return fields | {"note": ""}
    if fields["source"] == Source.MACHINE and fields["verdict"] == Verdict.OK:
        return fields
    fields.setdefault("settled", Settled.NOTED)
    return fields | {"settled_at": run.signed_at, "settled_by_id": run.signed_by_id}


def _read_at(run: Run) -> datetime:
    """The machine reads again every five minutes until somebody signs."""
    return run.due_at + ((run.signed_at or run.due_at) - run.due_at) // REREAD * REREAD


COLUMNS = {field.attname: field for field in Answer._meta.concrete_fields if not field.primary_key}


class Ask:
    """An item with its columns as the database takes them, since each of hundreds of answers copies them."""

    def __init__(self, item: Item) -> None:
        self.item = item
        blank = Answer(item=item, **{name: getattr(item, name) for name in COPIED})
        self.copied = [_stored(name, getattr(blank, name)) for name in COLUMNS]

    def row(self, fields: Fields) -> list[object]:
        """In the order of COLUMNS."""
        found = list(self.copied)
        for name, value in fields.items():
            found[PLACES[name]] = _stored(name, value)
        return found


PLACES = {name: place for place, name in enumerate(COLUMNS)}


def _stored(name: str, value: object) -> object:
    return COLUMNS[name].get_db_prep_save(value, connection)
