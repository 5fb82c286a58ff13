"""What comes within a day, and what should have come: checklists, postmortems, action items."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from incidents.postmortems.selectors import drafts, open_actions
from maintenance.checklists.models import Template
from opsconsole.accounts.selectors import team_zone

AHEAD = timedelta(hours=24)
MOST = 5  # of each kind


@dataclass(frozen=True)
class Later:
    """What, when and where. `late` when its time is over; `at` is empty for what is due by a day, not by the hour."""

    title: str
    url: str
    detail: str
    at: datetime | None = None
    late: bool = False


def later(now: datetime) -> list[Later]:
    """What is late first, then what is due today, then by the hour. Four queries."""
    found = [*_postmortems(now), *_actions(now), *checklists(now)]
    return sorted(found, key=lambda it: (not it.late, it.at is not None, it.at or now))


def checklists(now: datetime) -> list[Later]:
    """By the hour, soonest first."""
    coming = Template.objects.filter(is_active=True, next_at__gt=now, next_at__lte=now + AHEAD)
    return [
        Later(
            t.name,
            reverse("checklists:template", args=[t.pk]),
            _planned(t.next_at, t.expected_minutes, now),
            t.next_at,
        )
        for t in coming.order_by("next_at")[:MOST]
        if t.next_at
    ]


def _planned(at: datetime, minutes: int, now: datetime) -> str:
    is_today = timezone.localtime(at).date() == timezone.localtime(now).date()
    return f"{'' if is_today else 'tomorrow, '}{minutes} min planned"


def _postmortems(now: datetime) -> list[Later]:
    return [
        Later(
            f"Postmortem of {p.incident}",
            reverse("postmortems:detail", args=[p.incident.number]),
            p.incident.title,
            p.due_at,
            p.due_at < now,
        )
        for p in drafts().filter(due_at__lte=now + AHEAD, incident__resolved_at__isnull=False)[:MOST]
    ]


def _actions(now: datetime) -> list[Later]:
    """Their days are those of the team's calendar."""
    today = now.astimezone(team_zone()).date()
    return [
        Later(
            a.title,
            reverse("postmortems:detail", args=[a.postmortem.incident.number]),
            f"action item, {a.owner or 'nobody'}",
            late=a.due_on < today,
        )
        for a in open_actions().filter(due_on__lte=today)[:MOST]
    ]
