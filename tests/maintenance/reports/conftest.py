"""A team with a few figures, in the middle of week 47."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from maintenance.reports.figures import headlines
from maintenance.reports.sections import breakages, contributions
from opsconsole.accounts.models import Team
from opsconsole.lib.periods import Week
from tests.opsconsole.measures.conftest import Asked, define

__all__ = ["Asked", "define"]

VIENNA = ZoneInfo("Europe/Vienna")
WEEK = Week(2026, 46)
MONDAY = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)  # seven o'clock in Vienna, after week 46


@pytest.fixture
def old_team(team):
    Team.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    team.refresh_from_db()
    return team


@pytest.fixture
def headline(define, monkeypatch):
    """`headline("acme.up", lambda period: 99.95, unit="%")`: a measure that the report shows; no others are shown."""
    monkeypatch.setattr(headlines, "_entries", {})

    def add(slug, function, **fields):
        headlines.register(slug, len(headlines))
        return define(slug, function, **fields)

    return add


@pytest.fixture
def bare(monkeypatch):
    """No section contributes anything, and nothing breaks."""
    monkeypatch.setattr(contributions, "_entries", {})
    monkeypatch.setattr(breakages, "_entries", {})
