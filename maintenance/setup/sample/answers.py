"""What the machine found, and what Mia typed, for each question of a checklist at a moment of the past."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from maintenance.checklists.models import Question
from maintenance.checklists.states import AnswerKind, ItemKind, Settled, Source
from maintenance.setup.sample.outages import Outage
from maintenance.setup.sample.world import World
from opsconsole.lib.figures import counted, written
from opsconsole.measures.registry import measures
from opsconsole.measures.verdicts import Reading, Verdict

Found = dict[str, Any]

# question → usual number, how far it varies, whether it is whole; the growth of a year is in the first of them
NUMBERS = {
    "Volume overnight: as many requests, calls or orders as expected": (1180, 90, 0),
    "Success rate of what customers do most": (97.6, 0.7, 1),
    "Errors logged overnight, by your error tracker": (4, 2.4, 0),
    "Payments that failed": (1.6, 0.9, 1),
    "Chargebacks": (-2.2, 1.2, 0),
    "Fraud alerts": (-2.4, 1.2, 0),
    "New reviews": (3, 1.8, 0),
    "Average rating": (4.7, 0.09, 1),
    "Requests for a review that were followed": (35, 3.5, 0),
    "New leads or sign-ups": (27, 5, 0),
    "Leads that became customers": (24, 3, 0),
    "Cost per lead": (15.4, 1.4, 1),
    "Revenue of the day": (4120, 420, 0),
    "Utilisation of the people who do the work": (74, 6, 0),
    "Quotes older than a day without follow-up": (-1.4, 1.2, 0),
    "Bookings or orders not confirmed": (-1.0, 1.2, 0),
    "Payments pending": (-1.2, 1.1, 0),
    "Reviews without an answer": (-1.6, 1.2, 0),
}
NOTES = {
    "Success rate of what customers do most": "A spike of time-outs at four; gone by itself.",
    "Errors logged overnight, by your error tracker": "All of one kind: a browser extension. Muted it.",
    "Chargebacks": "Sent the provider the signed booking.",
    "Fraud alerts": "A card tested on our form; blocked.",
    "Average rating": "One star for the outage; answered.",
    "Requests for a review that were followed": "Few bookings, so few reviews.",
    "Quotes older than a day without follow-up": "Called them.",
    "Bookings or orders not confirmed": "Confirmed by hand.",
    "Payments pending": "Came in after noon.",
    "Reviews without an answer": "Answered.",
}
WORDS = ("Up on yesterday, level with last week.", "A quiet day.", "Better than last week; the newsletter helped.",
         "Level with both.", "Fewer sign-ups than yesterday; a holiday in Bavaria.")  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """When a checklist came, on the clock of the team, and what was so then."""

    due: datetime
    values: Mapping[tuple[str, date], float | None]
    lately: Sequence[Outage] = field(default_factory=tuple)
    failing: Sequence[Outage] = field(default_factory=tuple)
    late_reviews: int = 0

    @property
    def before(self) -> date:
        return self.due.date() - timedelta(days=1)


def found(world: World, item: Question, at: Moment) -> Found:
    """The fields of the answer; a person's where only a person can know."""
    if item.kind == ItemKind.MANUAL:
        return {"source": Source.PERSON, "settled": Settled.DONE, **_typed(world, item)}
    if item.kind == ItemKind.MEASURE:
        return _measured(item, at)
    if item.binding.startswith("heartbeat:"):
        return _job(world, item.binding.partition(":")[2], at)
    check = CHECKED.get(item.binding)
    return check(world, at) if check else dict(ALWAYS.get(item.binding, {"text": "fine"}))


def _typed(world: World, item: Question) -> Found:
    if item.answer_kind == AnswerKind.NUMBER and item.question in NUMBERS:
        usual, spread, digits = NUMBERS[item.question]
        number = max(0.0, round(world.dice.gauss(usual, spread), digits))
        number = min(number, 5.0) if item.unit == "of 5" else number
        verdict = item.rule.judge(Reading(number)) if item.rule else Verdict.OK
        note = NOTES.get(item.question, "Nothing to do about it.") if verdict != Verdict.OK else ""
        return {"number": number, "verdict": verdict, "note": note}
    if item.answer_kind == AnswerKind.TEXT:
        return {"text": world.dice.choice(WORDS)}
    return {"text": item.choices[0] if item.choices else ""}


def _measured(item: Question, at: Moment) -> Found:
    measure, value = measures[item.binding], at.values.get((item.binding, at.before))
    verdict = (item.rule or measure.rule).judge(Reading(value))
    text = str(written(value, measure.unit, measure.digits))
    note = at.lately[0].case.note if at.lately and verdict != Verdict.OK else ""
    return {
        "number": value,
        "text": text,
        "verdict": verdict,
        "note": note,
        "evidence_url": f"/measures/{item.binding}/",
    }


def _job(world: World, slug: str, at: Moment) -> Found:
    failing = next((one for one in at.failing if world.heartbeats[one.case.job].slug == slug), None)
    if failing:
        return {
            "verdict": Verdict.BAD,
            "text": "–",
            "detail": failing.case.reason,
            "note": "Ran it again by hand.",
        }
    cron = next(beat.cron for beat in world.heartbeats.values() if beat.slug == slug)
    minute, hour = (int(part) for part in cron.split()[:2])
    return {"text": f"{at.due.day} {at.due:%b} {hour:02}:{minute:02}", "detail": "reported in time"}


def _speed(world: World, _at: Moment) -> Found:
    return {
        "text": f"{world.dice.randint(280, 340)} ms",
        "detail": "95th percentile; 310 ms in the week before",
    }


def _all_up(world: World, _at: Moment) -> Found:
    return {"text": f"{len(world.probes)} of {len(world.probes)}", "detail": "all up"}


def _on_time(world: World, at: Moment) -> Found:
    number, bad = len(world.heartbeats), len(at.failing)
    fine = {"text": f"{number - bad} of {number}", "detail": "all on time"}
    return (
        fine | {"verdict": Verdict.BAD, "detail": f"{bad} late or failed", "note": at.failing[0].case.note}
        if bad
        else fine
    )


def _holds(_world: World, at: Moment) -> Found:
    failed = [one for one in at.lately if one.case.job]
    if not failed:
        return {"text": "100 %", "detail": "6 of 6 runs; 100 % in the week before"}
    said = "5 of 6 runs; 100 % in the week before"
    return {
        "text": "83.3 %",
        "detail": said,
        "verdict": Verdict.BAD,
        "note": f"{failed[0].case.job}: {failed[0].case.note}",
    }


def _seen(_world: World, at: Moment) -> Found:
    alone = [one for one in at.lately if not one.acknowledged]
    if alone:
        said = "over before anybody acknowledged"
        return {"text": f"{len(at.lately) - len(alone)} of {len(at.lately)}", "detail": said, "verdict": Verdict.LOOK,
                "note": "Read what the console kept of it."}  # fmt: skip
    count = f"{len(at.lately)} of {len(at.lately)}" if at.lately else "none"
    return {
        "text": count,
        "detail": "each was acknowledged by somebody" if at.lately else "none was opened in 24 hours",
    }


def _reviewed(_world: World, at: Moment) -> Found:
    if not at.late_reviews:
        return {"text": "none late", "detail": "Every postmortem and every action is in time."}
    return {"text": f"{at.late_reviews} late", "detail": f"Late: {counted(at.late_reviews, 'postmortem')}.", "verdict": Verdict.BAD,
            "note": "Asked for it; it comes today."}  # fmt: skip


def _sign_ins(world: World, _at: Moment) -> Found:
    number = world.dice.choices((0, 1, 2, 3, 8), (50, 25, 14, 9, 2))[0]
    if number < 5:
        return {"text": str(number), "detail": "in 24 hours" if number else "none in 24 hours"}
    return {"text": str(number), "detail": "in 24 hours, from 1 address", "verdict": Verdict.LOOK,
            "note": "Ada had the old password in her browser."}  # fmt: skip


def _disk(world: World, at: Moment) -> Found:
    return {
        "text": f"{62 - 14 * (1 - (world.now - at.due) / timedelta(days=world.days)):.0f} %",
        "detail": "free",
    }


ALWAYS: Mapping[str, Found] = {
    "incidents.none_open": {"text": "none", "detail": "No incident is open."},
    "outbox.channels_work": {"text": "3 of 3", "detail": "The last message through each was taken."},
    "accounts.locked_out": {"text": "0", "detail": "nobody in 24 hours"},
    "health.sweeps_on_time": {"text": "24 of 24", "detail": "all within their time"},
    "health.own_backup": {"text": "13 h old", "detail": "the newest in backups/"},
}
CHECKED: Mapping[str, Callable[[World, Moment], Found]] = {
    "probes.all_up": _all_up,
    "probes.latency": _speed,
    "heartbeats.all_on_time": _on_time,
    "heartbeats.success_holds": _holds,
    "incidents.all_seen": _seen,
    "postmortems.none_overdue": _reviewed,
    "accounts.failed_sign_ins": _sign_ins,
    "health.disk_space": _disk,
}
