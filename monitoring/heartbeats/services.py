"""Writers of heartbeats."""

from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify

from monitoring.catalogue.models import Service, Tier
from monitoring.catalogue.services import status_change_move, status_change_record
from monitoring.catalogue.states import Status
from monitoring.heartbeats.figures import BadDemand, demands
from monitoring.heartbeats.judgement import look_again
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.schedules import Plan
from monitoring.heartbeats.states import OPEN, Outcome, Schedule, may_become
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib import durations
from opsconsole.lib.calendars import BadSchedule
from opsconsole.lib.slugs import free_slug

SHORTEST, LONGEST = timedelta(seconds=10), timedelta(days=366)
NEVER = "This never comes again; check its day, month and year."
JOBS = "Jobs"
"""The service of heartbeats that made themselves."""


class Options(TypedDict, total=False):
    """What its pings mean beyond what their address says (`meanings.Rules`), and whether one ends a pause."""

    failure_words: str
    success_words: str
    start_words: str
    words_in: str
    else_fails: bool
    post_only: bool
    assertions: str
    stuck_after: int | None
    ping_resumes: bool


@transaction.atomic
def heartbeat_create(
    *,
    actor: Actor,
    name: str,
    now: datetime,
    service: Service | None = None,
    slug: str = "",
    schedule: Schedule = Schedule.PERIOD,
    period: timedelta = timedelta(days=1),
    cron: str = "",
    calendar: str = "",
    zone: str = "UTC",
    grace: timedelta = timedelta(hours=1),
    max_run_time: timedelta | None = None,
    **options: Unpack[Options],
) -> Heartbeat:
    """A heartbeat that waits for its first ping; without a service it goes under “Jobs”. Raises ValidationError, by field."""
    require(actor, Role.MANAGER)
    heartbeat = Heartbeat(
        service=service or jobs(),
        name=name,
        slug=slug or free_slug(name, Heartbeat.objects.live(), instead="job"),
        schedule=schedule,
        period=period,
        cron=cron.strip() if schedule == Schedule.CRON else "",
        calendar=calendar.strip() if schedule == Schedule.CALENDAR else "",
        zone=zone,
        grace=grace,
        max_run_time=max_run_time,
        status_since=now,
        changed_at=now,
        **options,
    )
    _check(heartbeat, now)
    _save(heartbeat)
    return heartbeat


@transaction.atomic
def heartbeat_update(
    *,
    actor: Actor,
    heartbeat: Heartbeat,
    service: Service | None,
    name: str,
    slug: str,
    schedule: Schedule,
    period: timedelta,
    cron: str,
    calendar: str = "",
    zone: str,
    grace: timedelta,
    max_run_time: timedelta | None,
    now: datetime,
    **options: Unpack[Options],
) -> Heartbeat:
    """A schedule that changed counts from its change where the job would be late by it already. Raises ValidationError."""
    require(actor, Role.MANAGER)
    beat, before = held(heartbeat), heartbeat.plan
    _move(beat, service or jobs(), now)
    beat.name, beat.schedule = name, schedule
    beat.slug, beat.changed_at = slug or beat.slug, now
    beat.cron = cron.strip() if schedule == Schedule.CRON else ""
    beat.calendar = calendar.strip() if schedule == Schedule.CALENDAR else ""
    beat.period, beat.zone, beat.grace, beat.max_run_time = period, zone, grace, max_run_time
    for option, value in options.items():
        setattr(beat, option, value)
    _check(beat, now)
    if beat.plan != before:
        _expect_anew(beat, now)
    beat.due_at = _look_again(beat)
    _save(beat)
    return beat


@transaction.atomic
def heartbeat_adjust(
    *, actor: Actor, heartbeat: Heartbeat, now: datetime, zone: str = "", grace: timedelta | None = None
) -> Heartbeat:
    """Change the zone of its schedule or its grace, and nothing else. Raises ValidationError."""
    require(actor, Role.MANAGER)
    beat, before = held(heartbeat), heartbeat.plan
    beat.zone, beat.grace = zone or beat.zone, grace or beat.grace
    plan_check(beat.plan, now)
    if beat.plan != before:
        _expect_anew(beat, now)
    beat.due_at = _look_again(beat)
    beat.save()
    return beat


@transaction.atomic
def heartbeat_pause(
    *, actor: Actor, heartbeat: Heartbeat, now: datetime, span: timedelta | None = None
) -> Heartbeat:
    """Its pings are still kept as runs, but say nothing about its state until it is resumed, or until `span` is over."""
    require(actor, Role.MANAGER)
    beat = held(heartbeat)
    pause(beat, by=str(actor), span=span, now=now)
    return beat


def pause(beat: Heartbeat, *, by: str, span: timedelta | None, now: datetime) -> None:
    """Pause a row that is held, or let its pause end at another time."""
    beat.paused_by, beat.paused_until = by[:300], now + span if span else None
    reason = f"Paused by {by}{f' for {durations.words(span)}' if span else ''}."
    if not status_set(beat, Status.PAUSED, at=now, reason=reason, now=now):
        beat.status_reason = reason
    beat.due_at = _look_again(beat)
    beat.save()


@transaction.atomic
def heartbeat_resume(*, actor: Actor, heartbeat: Heartbeat, now: datetime) -> Heartbeat:
    """Its state is unknown until the next ping, which is expected counted from now."""
    require(actor, Role.MANAGER)
    beat = held(heartbeat)
    resume(beat, by=str(actor), now=now)
    return beat


def resume(beat: Heartbeat, *, by: str, now: datetime) -> None:
    """End the pause of a row that is held."""
    if status_set(beat, Status.UNKNOWN, at=now, reason=f"Resumed by {by}; the next ping tells.", now=now):
        beat.paused_until, beat.paused_by = None, ""
        _count_from(beat, now)
        beat.due_at = _look_again(beat)
        beat.save()


@transaction.atomic
def heartbeat_remove(*, actor: Actor, heartbeat: Heartbeat, now: datetime) -> Heartbeat:
    """It is gone for everybody, its address too; `heartbeat_restore` brings it back until it is pruned."""
    require(actor, Role.MANAGER)
    beat = held(heartbeat)
    status_set(beat, Status.PAUSED, at=now, reason=f"Removed by {actor}.", now=now)
    beat.removed_at, beat.changed_at, beat.due_at = beat.removed_at or now, now, None
    beat.save()
    return beat


@transaction.atomic
def heartbeat_restore(*, actor: Actor, heartbeat: Heartbeat, now: datetime) -> Heartbeat:
    """As it was, and as if resumed; under another short name when its own was taken meanwhile."""
    require(actor, Role.MANAGER)
    beat = held(heartbeat)
    if beat.removed_at is None:
        return beat
    others = Heartbeat.objects.live()
    if others.filter(slug=beat.slug).exists():
        beat.slug = free_slug(beat.slug, others, instead="job")
    beat.removed_at, beat.changed_at = None, now
    beat.save()
    return heartbeat_resume(actor=actor, heartbeat=beat, now=now)


def _move(beat: Heartbeat, service: Service, now: datetime) -> None:
    status_change_move(
        source=beat.source,
        title=beat.name,
        status=Status(beat.status),
        reason=beat.status_reason,
        before=beat.service,
        after=service,
        now=now,
        url=reverse("heartbeats:detail", args=[beat.pk]),
    )
    beat.service = service


def jobs() -> Service:
    """The service for jobs that nobody has put under another."""
    slug = slugify(JOBS)
    found = Service.objects.filter(Q(name=JOBS) | Q(slug=slug)).first()
    made = {"slug": slug, "description": "Jobs that report by themselves.", "tier": Tier.INTERNAL}
    return found or Service.objects.get_or_create(name=JOBS, defaults=made)[0]


def _save(heartbeat: Heartbeat) -> None:
    """The database decides whether a short name is taken: two people may press the button at once."""
    try:
        with transaction.atomic():
            heartbeat.save()
    except IntegrityError:
        taken = "Another heartbeat has this short name; choose one of its own."
        raise ValidationError({"slug": taken}) from None


def _check(heartbeat: Heartbeat, now: datetime) -> None:
    try:
        demands(heartbeat.assertions)
    except BadDemand as error:
        raise ValidationError({"assertions": str(error)}) from None
    if heartbeat.schedule == Schedule.CALENDAR and not heartbeat.calendar:
        raise ValidationError({"calendar": "Write when it runs, as after OnCalendar= in its timer."})
    plan_check(heartbeat.plan, now)


def plan_check(plan: Plan, now: datetime) -> None:
    """Raises ValidationError, by field, for what cannot be kept."""
    spans = {"grace": plan.grace, "max_run_time": plan.max_run_time or SHORTEST}
    if not plan.is_timed:
        spans["period"] = plan.period
    wrong = {
        field: f"Choose between {durations.words(SHORTEST)} and {durations.words(LONGEST)}."
        for field, span in spans.items()
        if not SHORTEST <= span <= LONGEST
    }
    field = "calendar" if plan.calendar else "cron"
    try:
        if plan.expected_after(now) is None:
            wrong[field] = NEVER
    except BadSchedule as error:
        wrong["zone" if "time zone" in str(error) else field] = str(error)
    if wrong:
        raise ValidationError(wrong)


def held(heartbeat: Heartbeat) -> Heartbeat:
    """The row as it is now, locked against the sweep and other people, but not against pings."""
    return Heartbeat.objects.select_for_update(no_key=True).get(pk=heartbeat.pk)


def _count_from(beat: Heartbeat, now: datetime) -> None:
    """Expect the next report counted from now; one that never reported is not expected at all."""
    if beat.last_ping_at:
        beat.counted_from, beat.expected_at = now, beat.plan.expected_after(now)


def _expect_anew(beat: Heartbeat, now: datetime) -> None:
    """After a change of schedule: nobody is late by a rule that was not there, and a miss by the old rule is taken back."""
    if not beat.counted_from:
        return
    beat.expected_at = beat.plan.expected_after(beat.counted_from)
    if beat.expected_at and beat.expected_at + beat.grace <= now:
        _count_from(beat, now)
    if beat.status == Status.DOWN and beat.last_outcome == Outcome.MISSED:
        status_set(
            beat, Status.UNKNOWN, at=now, reason="The schedule was changed; the next ping tells.", now=now
        )


def _look_again(beat: Heartbeat) -> datetime | None:
    return look_again(beat, beat.runs.filter(outcome__in=OPEN))


def status_set(heartbeat: Heartbeat, new: Status, *, at: datetime, reason: str, now: datetime) -> bool:
    """The one place where a heartbeat's status changes: the row's fields (not saved here) and the durable record.

    Call it in a transaction that holds the row. A move that the table does not allow changes nothing and returns False.
    """
    old = Status(heartbeat.status)
    if not may_become(old, new):
        return False
    heartbeat.status, heartbeat.status_since, heartbeat.status_reason = new, at, reason
    status_change_record(
        service_id=heartbeat.service_id,
        source=heartbeat.source,
        title=heartbeat.name,
        old=old,
        new=new,
        reason=reason,
        at=at,
        noticed_at=now,
        evidence_url=reverse("heartbeats:detail", args=[heartbeat.pk]),
    )
    return True
