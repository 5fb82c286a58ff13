"""Writers of heartbeats."""

from datetime import datetime, timedelta
from hmac import compare_digest

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify

from monitoring.catalogue.models import Service, Tier
from monitoring.catalogue.services import status_change_record
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.schedules import Plan
from monitoring.heartbeats.states import Schedule, may_move
from opsconsole.accounts.roles import SYSTEM, Role
from opsconsole.accounts.selectors import Actor, require, team
from opsconsole.lib import durations
from opsconsole.lib.calendars import BadSchedule

SHORTEST, LONGEST = timedelta(seconds=10), timedelta(days=366)
JOBS = "Jobs"
"""The service of heartbeats that made themselves."""


@transaction.atomic
def heartbeat_create(
    *,
    actor: Actor,
    service: Service,
    name: str,
    now: datetime,
    slug: str = "",
    schedule: Schedule = Schedule.PERIOD,
    period: timedelta = timedelta(days=1),
    cron: str = "",
    zone: str = "UTC",
    grace: timedelta = timedelta(hours=1),
    max_run_time: timedelta | None = None,
) -> Heartbeat:
    """A heartbeat that waits for its first ping. Raises ValidationError, by field."""
    require(actor, Role.MANAGER)
    heartbeat = Heartbeat(
        service=service,
        name=name,
        slug=slug or _free_slug(name),
        schedule=schedule,
        period=period,
        cron=cron.strip() if schedule == Schedule.CRON else "",
        zone=zone,
        grace=grace,
        max_run_time=max_run_time,
        status_since=now,
        changed_at=now,
    )
    plan_check(heartbeat.plan, now)
    slug_check(heartbeat)
    heartbeat.save()
    return heartbeat


def heartbeat_provision(*, ping_key: str, slug: str, now: datetime) -> Heartbeat | None:
    """The heartbeat of a slug, made when absent (every day, an hour of grace); None for a wrong key."""
    ours = team()
    if not ours or not compare_digest(ping_key.encode(), ours.ping_key.encode()):
        return None
    there = Heartbeat.objects.live().filter(slug=slug)
    try:
        return there.first() or heartbeat_create(actor=SYSTEM, service=_jobs(), name=slug, slug=slug, now=now)
    except (IntegrityError, ValidationError):
        found = there.first()  # two first pings came at once
        if not found:
            raise
        return found


def _jobs() -> Service:
    """The service for jobs that nobody has put under another."""
    found = Service.objects.filter(Q(name=JOBS) | Q(slug=slugify(JOBS))).first()
    return found or Service.objects.create(
        name=JOBS, slug=slugify(JOBS), description="Jobs that report by themselves.", tier=Tier.INTERNAL
    )


def slug_check(heartbeat: Heartbeat) -> None:
    """Raises ValidationError when another live heartbeat has the slug."""
    if Heartbeat.objects.live().filter(slug=heartbeat.slug).exclude(pk=heartbeat.pk).exists():
        raise ValidationError({"slug": "Another heartbeat has this short name; choose one of its own."})


def plan_check(plan: Plan, now: datetime) -> None:
    """Raises ValidationError, by field, for what cannot be kept."""
    spans = {"grace": plan.grace, "max_run_time": plan.max_run_time or SHORTEST}
    if not plan.cron:
        spans["period"] = plan.period
    wrong = {
        field: f"Choose between {durations.words(SHORTEST)} and {durations.words(LONGEST)}."
        for field, span in spans.items()
        if not SHORTEST <= span <= LONGEST
    }
    try:
        plan.expected_after(now)
    except BadSchedule as error:
        wrong["zone" if "time zone" in str(error) else "cron"] = str(error)
    if wrong:
        raise ValidationError(wrong)


def status_set(heartbeat: Heartbeat, new: Status, *, at: datetime, reason: str, now: datetime) -> bool:
    """The one place where a heartbeat's status changes: the row's fields (not saved here) and the durable record.

    Call it in a transaction that holds the row. A move that the table does not allow changes nothing and returns False.
    """
    old = Status(heartbeat.status)
    if not may_move(old, new):
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


def _free_slug(name: str) -> str:
    """A slug that no other live heartbeat has: “backup”, “backup-2”, …"""
    base = slugify(name)[:74] or "job"
    taken = set(Heartbeat.objects.live().filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return base if base not in taken else next(s for s in candidates if s not in taken)
