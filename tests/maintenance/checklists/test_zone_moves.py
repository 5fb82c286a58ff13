"""When the team changes its zone, the checklists move with it at once."""

import pytest

from opsconsole.accounts.services import team_update
from opsconsole.lib import nudges

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def test_it_asks_to_reckon_anew_when_the_team_is_saved(
    team, owner, monkeypatch, django_capture_on_commit_callbacks
):
    asked: list[str] = []
    monkeypatch.setattr(nudges, "send", asked.append)
    with django_capture_on_commit_callbacks(execute=True):
        team_update(actor=owner, team=team, name="Acme", time_zone="Asia/Tokyo")
    assert asked == ["checklists.open_due"]
