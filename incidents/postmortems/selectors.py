"""Readers of postmortems and actions."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.states import Status


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
    """Those whose due moment had passed at `at` without a publication."""
    rows = Postmortem.objects.filter(due_at__lt=at, incident__is_drill=False)
    return rows.filter(Q(published_at=None) | Q(published_at__gt=at))


def actions_open_at(at: datetime) -> "QuerySet[Action]":
    return Action.objects.filter(Q(done_at=None) | Q(done_at__gt=at), created_at__lte=at)


def actions_late_at(at: datetime, today: date) -> "QuerySet[Action]":
    return actions_open_at(at).filter(due_on__lt=today)
