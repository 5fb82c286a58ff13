"""Readers of postmortems and actions."""

from collections.abc import Callable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.states import Status
from incidents.response.models import Incident
from incidents.response.states import LIVE
from incidents.response.states import Status as IncidentStatus
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib.periods import Period


def unreviewed() -> "QuerySet[Incident]":
    """Resolved incidents that must have a postmortem and have none."""
    return Incident.objects.filter(
        status=IncidentStatus.RESOLVED, postmortem_required=True, postmortem=None
    ).order_by("resolved_at")


def drafts() -> "QuerySet[Postmortem]":
    """Those to be written, the most urgent first."""
    rows = Postmortem.objects.filter(status=Status.DRAFT)
    return rows.select_related("incident__service", "incident__assignee").order_by("due_at", "pk")


def published() -> "QuerySet[Postmortem]":
    return Postmortem.objects.filter(status=Status.PUBLISHED).select_related(
        "incident__service", "published_by"
    )


def open_actions() -> "QuerySet[Action]":
    """The most urgent first."""
    return Action.objects.filter(done_at=None).select_related("owner", "postmortem__incident")


def late_drafts(at: datetime) -> "QuerySet[Postmortem]":
    """Those whose due moment had passed at `at` without a publication; what is open again has no due moment."""
    rows = Postmortem.objects.filter(due_at__lt=at, incident__is_drill=False)
    rows = rows.exclude(incident__status__in=LIVE)
    return rows.filter(Q(published_at=None) | Q(published_at__gt=at))


def actions_open_at(at: datetime) -> "QuerySet[Action]":
    return Action.objects.filter(Q(done_at=None) | Q(done_at__gt=at), created_at__lte=at)


def actions_late_at(at: datetime, today: date) -> "QuerySet[Action]":
    return actions_open_at(at).filter(due_on__lt=today)


def reviews_due(period: Period) -> "QuerySet[Postmortem]":
    return Postmortem.objects.filter(due_at__gte=period.start, due_at__lt=period.end)


def required_due(period: Period) -> "QuerySet[Postmortem]":
    """Those that a severity asks for and that fell due within a period; drills ask for none."""
    return reviews_due(period).filter(required=True)


def actions_due(period: Period) -> "QuerySet[Action]":
    """Those of which the day is over within a period, by the team's calendar."""
    zone = team_zone()
    first, behind = (moment.astimezone(zone).date() for moment in (period.start, period.end))
    return Action.objects.filter(due_on__gte=first, due_on__lt=behind)


def late_actions(at: datetime) -> "QuerySet[Action]":
    """Open ones whose day had passed, by the team's calendar."""
    return actions_late_at(at, at.astimezone(team_zone()).date())


REVIEWS: dict[str, Callable[[Period], "QuerySet[Postmortem]"]] = {
    "postmortems.overdue": lambda period: late_drafts(period.end),
    "postmortems.in_time": required_due,
}
ACTIONS: dict[str, Callable[[Period], "QuerySet[Action]"]] = {
    "actions.open": lambda period: actions_open_at(period.end),
    "actions.overdue": lambda period: late_actions(period.end),
    "actions.kept": actions_due,
}
"""The rows that each figure is made of; those of a moment look at the end of the period."""
