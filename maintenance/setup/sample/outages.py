"""What went wrong at Larkfield, drawn with dice: about three troubles a month, rarer as the team learns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from maintenance.setup.sample.cases import CASES, JOB_CASES, Case, Deck
from maintenance.setup.sample.company import JOBS, Job
from maintenance.setup.sample.world import World
from opsconsole.lib.calendars import instant

GRACE = timedelta(hours=1)
_WEIGHTS = {"Payments": 2, "API": 2, "Web app": 2, "Search": 3, "Mail delivery": 3, "Calendar sync": 3}
_JOB_WEIGHTS = {"Search": 4, "Mail delivery": 4, "Back office": 2}
_ON_CALL = ("Jonas Lind", "Sarah Okafor")


@dataclass(frozen=True)
class Outage:
    """One trouble: [start, end) is when the probes (or the job) saw it; an `end` that is missing lies ahead.

    `acknowledged` and `resolved` are what people did, if they did. Of a job: `due` is when it should have run, and it failed
    at `start`, or had not come by then (`missed`).
    """

    case: Case
    start: datetime
    end: datetime | None
    acknowledged: datetime | None
    resolved: datetime | None
    who: str
    due: datetime | None = None
    missed: bool = False


def draw(world: World) -> list[Outage]:
    """In order of time, at most one a day; the last two days are told, not drawn."""
    decks = Deck(CASES), Deck(JOB_CASES)
    drawn = [one for day in world.dates[3:-2] if (one := _of_day(world, decks, day))]
    return sorted([*drawn, *_lately(world, *decks)], key=lambda one: one.start)


def _of_day(world: World, decks: tuple[Deck, Deck], day: date) -> Outage | None:
    age, chance = (world.now.date() - day).days / world.days, world.dice.random()
    if chance < 0.05 + 0.05 * age:
        return _of_service(world, _case(world, decks[0], _WEIGHTS), instant(day, time(), world.zone))
    if chance < 0.08 + 0.07 * age:
        return _of_job(world, _case(world, decks[1], _JOB_WEIGHTS), day)
    return None


def _case(world: World, deck: Deck, weights: Mapping[str, int]) -> Case:
    names = deck.services
    return deck.draw(world.dice.choices(names, [weights.get(name, 1) for name in names])[0])


def _of_service(world: World, case: Case, midnight: datetime) -> Outage:
    start = midnight + timedelta(minutes=world.dice.randint(20, 1300), seconds=world.dice.choice((4, 19, 34)))
    end = start + timedelta(minutes=max(3, round(world.dice.lognormvariate(2.9, 0.7))))
    seen = world.dice.random() > 0.15
    acknowledged = start + timedelta(minutes=1 + world.dice.lognormvariate(1.0, 0.6)) if seen else None
    resolved = max(end, acknowledged or end) + timedelta(minutes=world.dice.randint(2, 15))
    return Outage(case, start, end, acknowledged, resolved if seen else end, world.dice.choice(_ON_CALL))


def _of_job(world: World, case: Case, day: date) -> Outage:
    """It failed, or did not come; somebody ran it again by hand."""
    job = _job(case)
    due, missed = instant(day, job.wall, world.zone), world.dice.random() < 0.25
    start = due + (GRACE if missed else timedelta(seconds=round(job.seconds * 0.6)))
    acknowledged = start + timedelta(minutes=2 + world.dice.lognormvariate(2.2, 0.8))
    end = acknowledged + timedelta(minutes=world.dice.randint(8, 45))
    resolved = end + timedelta(minutes=world.dice.randint(1, 12))
    return Outage(case, start, end, acknowledged, resolved, world.dice.choice(_ON_CALL), due, missed)


def _job(case: Case) -> Job:
    return next(job for job in JOBS if job.name == case.job)


def _lately(world: World, services: Deck, jobs: Deck) -> Iterator[Outage]:
    """Yesterday's outage, whose postmortem is being written, and last night's job, which somebody works on."""
    start = world.now - timedelta(hours=23, minutes=11)
    end, acknowledged, resolved = (start + timedelta(minutes=m) for m in (34, 4, 41))
    yield Outage(services.draw("Payments"), start, end, acknowledged, resolved, "Sarah Okafor")
    case = jobs.draw("Search")
    nights = (instant(world.today - timedelta(days=n), _job(case).wall, world.zone) for n in (0, 1))
    due = next(at for at in nights if at < world.now - timedelta(minutes=45))
    failed = due + timedelta(minutes=19)
    yield Outage(case, failed, None, failed + timedelta(minutes=14), None, "Jonas Lind", due)


@dataclass(frozen=True)
class Spell:
    """A time in which a service was slow, or some were maintained; or neither: the console was stopped and measured nothing.

    `leaks`: its memory rose without levelling off, and the rule saw it.
    """

    start: datetime
    end: datetime
    service: str = ""
    maintained: tuple[str, ...] = ()
    leaks: bool = False

    @property
    def is_slow(self) -> bool:
        return bool(self.service) and not self.leaks

    @property
    def is_gap(self) -> bool:
        return not self.service and not self.maintained


def spells(world: World, outages: Sequence[Outage]) -> list[Spell]:
    """Slow afternoons twice a month, never on a day with an outage; and an upgrade of the console every six weeks."""
    busy = {one.start.astimezone(world.zone).date() for one in outages}
    slow = [day for day in world.dates if day not in busy and world.dice.random() < 0.06]
    found = [
        _spell(world, day, world.dice.choice(("API", "Calendar sync", "Search", "Web app"))) for day in slow
    ]
    found += [_spell(world, day, "", 9) for day in world.dates[20::42] if day not in busy]
    taken = busy | {one.start.astimezone(world.zone).date() for one in found}
    return found + list(_told(world, [day for day in reversed(world.dates) if day not in taken]))


def _told(world: World, quiet: Sequence[date]) -> Iterator[Spell]:
    """On the quietest days: two weeks ago memory leaked, and a month before the database moved."""
    leaked = next(day for day in quiet if (world.today - day).days >= 13)
    first = instant(leaked, time(9, 50), world.zone)
    yield Spell(first, first + timedelta(hours=7, minutes=30), "API", leaks=True)
    moved = next((day for day in quiet if (world.today - day).days >= 44), None)
    if moved:
        first = instant(moved, time(3), world.zone)
        yield Spell(first, first + timedelta(minutes=40), maintained=("Search", "Back office"))


def _spell(world: World, day: date, service: str, minutes: float = 0) -> Spell:
    start = instant(day, time(13), world.zone) + timedelta(minutes=world.dice.randint(0, 240))
    return Spell(
        start, start + timedelta(minutes=minutes or round(world.dice.lognormvariate(4.2, 0.5))), service
    )
