"""The postmortems: nearly all written within two days, their actions mostly done in time; yesterday's is still a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.services import (
    action_add,
    action_done,
    postmortem_create,
    postmortem_publish,
    postmortem_save,
)
from incidents.postmortems.states import QUESTIONS
from incidents.response.models import Incident
from maintenance.setup.sample.outages import Outage
from maintenance.setup.sample.world import World
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.periods import midnight

SLIPPED_FOR = timedelta(days=4)  # the one action that is late


@dataclass(frozen=True)
class Review:
    """A postmortem with what somebody knows of it, and when they finish it; never, while it is a draft."""

    postmortem: Postmortem
    outage: Outage
    who: User
    written: datetime | None


def write(world: World, made: Mapping[int, Outage]) -> None:
    wanted = Incident.objects.filter(pk__in=made, postmortem_required=True, resolved_at__isnull=False)
    reviews = [_review(world, incident, made[incident.pk]) for incident in wanted.order_by("number")]
    for review in reviews:
        _write(world, review)
    _promise(world, [review for review in reviews if review.written])


def _review(world: World, incident: Incident, outage: Outage) -> Review:
    assert incident.resolved_at
    postmortem = postmortem_create(actor=SYSTEM, incident=incident, now=incident.resolved_at)
    hours = 58.0 if world.dice.random() < 0.08 else min(45, world.dice.lognormvariate(3.0, 0.5))
    written = min(incident.resolved_at + timedelta(hours=hours), world.now - timedelta(hours=5))
    is_draft = world.now - incident.resolved_at < timedelta(days=1)
    return Review(postmortem, outage, world.people[outage.who], None if is_draft else written)


def _write(world: World, review: Review) -> None:
    """Of a draft only the first half, an hour ago."""
    case, fields = review.outage.case, [question.field for question in QUESTIONS]
    known = fields if review.written else fields[:2]
    answers = {field: getattr(case, field) if field in known else "" for field in fields}
    at = review.written or world.now - timedelta(hours=1)
    saved = postmortem_save(
        actor=review.who,
        postmortem=review.postmortem,
        version=1,
        now=at,
        summary=review.postmortem.summary,
        root_cause=case.cause if review.written else "",
        **answers,
    )
    if review.written:
        postmortem_publish(actor=review.who, postmortem=saved, now=review.written)


def _promise(world: World, reviews: Sequence[Review]) -> None:
    """Older actions are done. Of the newest review the first has slipped; the others, and one of the review before, lie ahead."""
    for place, review in enumerate(reviews, start=1 - len(reviews)):
        for number, (title, days) in enumerate(review.outage.case.actions):
            action = _action(world, review, title, days)
            if place == 0:
                _put_off(world, action, timedelta(days=9) if number else -SLIPPED_FOR)
            elif place == -1 and number:
                _put_off(world, action, timedelta(days=5))
            else:
                _do(world, review, action, days)


def _action(world: World, review: Review, title: str, days: int) -> Action:
    assert review.written
    owner = world.people[world.dice.choice(("Jonas Lind", "Sarah Okafor", review.outage.who))]
    due = (review.written + timedelta(days=days)).astimezone(world.zone).date()
    return action_add(
        actor=review.who,
        postmortem=review.postmortem,
        title=title,
        owner=owner,
        due_on=due,
        now=review.written,
    )


def _do(world: World, review: Review, action: Action, days: int) -> None:
    """Four in five in time, the others up to two weeks late; not yet, where that lies ahead."""
    assert review.written and action.owner
    share = world.dice.uniform(0.3, 0.95) if world.dice.random() < 0.8 else world.dice.uniform(1.1, 1.6)
    done = min(review.written + timedelta(days=days * share), world.now - timedelta(hours=3))
    action_done(actor=action.owner, action=action, now=done)


def _put_off(world: World, action: Action, ahead: timedelta) -> None:
    """It is not done; it was promised for a day close to today."""
    made = action.created_at.astimezone(world.zone).date()
    action.due_on = max(made, world.today + ahead)
    over = midnight(action.due_on + timedelta(days=1), world.zone)
    action.remind_at = over if over > world.now else None  # of what has passed somebody was reminded
    action.save(update_fields=["due_on", "remind_at"])
