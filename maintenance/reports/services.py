"""The only writers of reports and comments."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from maintenance.reports import builder, drift, figures, weeks
from maintenance.reports.mail import message
from maintenance.reports.models import Comment, Status, WeeklyReport
from opsconsole.accounts.roles import SYSTEM, Role
from opsconsole.accounts.selectors import Actor, person, require
from opsconsole.lib import calendars
from opsconsole.lib.periods import Week
from opsconsole.measures.registry import measures
from opsconsole.measures.selectors import read
from opsconsole.outbox.models import Topic
from opsconsole.outbox.services.deliveries import message_broadcast

LONGEST = 2000  # characters of a comment
FRESH = timedelta(days=7)
"""A report that comes later than this (after a long stop) stands at its address, but is not mailed any more."""


def report_publish(
    *, week: Week, zone: ZoneInfo, now: datetime, actor: Actor = SYSTEM, mail: bool = True
) -> WeeklyReport:
    """Freeze a week and mail it, once: a report that is published already comes back as it is.

    Without `mail` nobody is told, whatever its age (the sample company's past). Raises ValueError while the week still runs. The figures are read outside the transaction; the frozen data, its status
    and its mails are one.
    """
    require(actor, Role.MANAGER)
    if now < week.period(zone).end:
        raise ValueError("A week is published when it is over.")
    found = WeeklyReport.objects.filter(week=str(week), status=Status.PUBLISHED).first()
    fresh = mail and now < weeks.publishes_at(week, zone) + FRESH
    return found or _publish(week, builder.build(week, zone, now), now, actor, fresh)


@transaction.atomic
def _publish(week: Week, data: builder.Data, now: datetime, actor: Actor, mail: bool) -> WeeklyReport:
    report, _ = WeeklyReport.objects.select_for_update().get_or_create(week=str(week))
    if report.status == Status.PUBLISHED:  # somebody was quicker
        return report
    report.data, report.status, report.published_at, report.published_by = (
        data,
        Status.PUBLISHED,
        now,
        str(actor)[:80],
    )
    report.save()
    if mail:
        _mail(report, now)
    return report


def _mail(report: WeeklyReport, now: datetime) -> None:
    text = message(report)
    message_broadcast(
        event=f"report.weekly:{report.week}",
        topic=Topic.REPORTS,
        message_for=lambda _channel: text,
        now=now,
        about=reverse("reports:weekly", args=[report.week]),
        expires_at=now + FRESH,
    )


def report_recompute(*, report: WeeklyReport, now: datetime) -> WeeklyReport:
    """Note beside a published report which figures would differ now; the frozen ones stay as they are.

    The week is the one that was reported, in the zone of then: a team that moved has not corrected anything.
    """
    period = Week.parse(report.week).period(calendars.zone(report.data["zone"]))
    frozen = figures.thaw(report.data["figures"])
    present = [read(figure.slug, period) for figure in frozen if figure.slug in measures]
    report.recomputed, report.recomputed_at = drift.drifted(frozen, present), now
    report.save(update_fields=["recomputed", "recomputed_at"])
    return report


@transaction.atomic
def comment_add(*, actor: Actor, week: Week, text: str, now: datetime, figure: str = "") -> Comment:
    """Say something beside a report, or beside one of its figures; possible from the first day of the week.

    Raises ValidationError for an empty comment, one that is too long, and a figure that is not known.
    """
    require(actor, Role.RESPONDER)
    if not 0 < len(text.strip()) <= LONGEST:
        raise ValidationError({"text": f"Write something, at most {LONGEST:,} characters."})
    if figure and figure not in measures:
        raise ValidationError({"figure": f"There is no figure named “{figure}”."})
    report, _ = WeeklyReport.objects.get_or_create(week=str(week))
    signed = {"author": person(actor), "signature": str(actor)[:100]}
    return Comment.objects.create(report=report, figure=figure, text=text, created_at=now, **signed)


def comment_withdraw(*, actor: Actor, comment: Comment, now: datetime) -> None:
    """Its author or a manager takes a comment back; it can be put back."""
    _own(actor, comment)
    comment.withdrawn_at = now
    comment.save(update_fields=["withdrawn_at"])


def comment_restore(*, actor: Actor, comment: Comment) -> None:
    _own(actor, comment)
    comment.withdrawn_at = None
    comment.save(update_fields=["withdrawn_at"])


def _own(actor: Actor, comment: Comment) -> None:
    is_own = comment.author_id is not None and comment.author_id == actor.pk
    require(actor, Role.RESPONDER if is_own else Role.MANAGER)
