"""Checklists and zones: when the team changes its own, they move with it at once."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from opsconsole.accounts.services import team_update
from opsconsole.lib import nudges
from tests.maintenance import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def test_it_asks_to_reckon_anew_when_the_team_is_saved(
    team, owner, monkeypatch, django_capture_on_commit_callbacks
):
    asked: list[str] = []
    monkeypatch.setattr(nudges, "send", asked.append)
    with django_capture_on_commit_callbacks(execute=True):
        team_update(actor=owner, team=team, name="Acme", time_zone="Asia/Tokyo")
    assert asked == ["checklists.open_due"]


def test_it_names_a_run_by_the_day_of_whoever_looks(team):
    with timezone.override("Europe/Vienna"):
        run = make.run(due_at=datetime(2026, 11, 17, 23, 30, tzinfo=UTC))
        assert str(run) == "Morning, 2026-11-18"
