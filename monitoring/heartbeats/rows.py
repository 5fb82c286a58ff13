"""The rows behind figures of jobs: runs of all of them, and those that were late at a moment."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from monitoring.heartbeats.models import Run
from monitoring.heartbeats.selectors import down_at, runs_ended
from monitoring.heartbeats.states import Outcome
from opsconsole.accounts.selectors import team_zone
from opsconsole.measures import evidence
from opsconsole.measures.evidence import Asked

MOST = 500  # late jobs of a moment


def runs(asked: Asked, outcome: str) -> "QuerySet[Run]":
    """Runs of every job; those that a figure counts where an address names a period. None for what makes no sense."""
    if asked.complaint:
        return Run.objects.none()
    found = (runs_ended(asked.period) if asked.period else Run.objects.all()).select_related("heartbeat")
    return found.filter(outcome=outcome) if outcome in Outcome.values else found


@dataclass(frozen=True)
class Late:
    """The jobs that were late or had failed at the moment of which somebody asks."""

    asked: Asked
    rows: list[Any]


def late(query: QueryDict) -> Late | None:
    """None when the address asks for no time: the list then shows what is so now."""
    asked = evidence.asked(query, team_zone(), {"heartbeats.late"})
    if not asked.is_on:
        return None
    return Late(asked, list(down_at(asked.period.end)[:MOST]) if asked.period else [])
