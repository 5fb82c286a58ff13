"""What people set of a heartbeat: making one, changing it."""

from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify

from monitoring.catalogue.models import Service, Tier
from monitoring.catalogue.services import status_change_move
from monitoring.catalogue.states import Status
from monitoring.heartbeats.figures import BadDemand, demands
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.services.plans import plan_check
from monitoring.heartbeats.services.statuses import count_from, held, look_again, status_set
from monitoring.heartbeats.states import Outcome, Schedule
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.slugs import free_slug

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
    beat.due_at = look_again(beat)
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
    beat.due_at = look_again(beat)
    beat.save()
    return beat


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
    for field in ("failure_words", "success_words", "start_words"):
        words = getattr(heartbeat, field)
        if words and not words.replace(",", "").strip():
            raise ValidationError({field: "There is no word in it: write one, or leave it empty."})
    if heartbeat.schedule == Schedule.CALENDAR and not heartbeat.calendar:
        raise ValidationError({"calendar": "Write when it runs, as after OnCalendar= in its timer."})
    plan_check(heartbeat.plan, now)


def _expect_anew(beat: Heartbeat, now: datetime) -> None:
    """After a change of schedule: nobody is late by a rule that was not there, and a miss by the old rule is taken back."""
    if not beat.counted_from:
        return
    beat.expected_at = beat.plan.expected_after(beat.counted_from)
    if beat.expected_at and beat.expected_at + beat.grace <= now:
        count_from(beat, now)
    if beat.status == Status.DOWN and beat.last_outcome == Outcome.MISSED:
        status_set(
            beat, Status.UNKNOWN, at=now, reason="The schedule was changed; the next ping tells.", now=now
        )
