"""Badges: what they say, who makes them, and that their keys open nothing else."""

from datetime import timedelta

import pytest

from monitoring.heartbeats.badges import badge
from monitoring.heartbeats.badging import badge_make
from monitoring.heartbeats.models import Badge
from monitoring.heartbeats.standing import Standing
from tests.monitoring import make

pytestmark = pytest.mark.usefixtures("frozen")
MINUTE = timedelta(minutes=1)


def standings(*tones: str) -> list[Standing]:
    return [Standing(tone, "Paused" if tone == "paused" else "Word", "") for tone in tones]


@pytest.mark.parametrize(
    ("tones", "two", "three"),
    [
        (["ok"], "up", "up"),
        (["ok", "look"], "up", "late"),
        (["ok", "unknown"], "unknown", "unknown"),
        (["ok", "look", "bad"], "down", "down"),
        (["ok", "paused"], "up", "up"),
        (["paused"], "unknown", "unknown"),
        ([], "unknown", "unknown"),
    ],
)
def test_it_says_the_worst(tones, two, three):
    assert [badge("jobs", standings(*tones), states).status for states in (2, 3)] == [two, three]


def test_it_writes_what_machines_read():
    found = badge("jobs", standings("ok", "look", "bad"), 3)
    assert found.json == {"status": "down", "total": 3, "grace": 1, "down": 1}
    assert found.shields == {"schemaVersion": 1, "label": "jobs", "message": "down", "color": "critical"}


def test_it_takes_no_name_for_markup():
    assert "<script>" not in badge("<script>", standings("ok"), 2).svg


def asked(client, key, form: str = "svg", states: int = 3):
    return client.get(f"/b/{states}/{key}.{form}")


class TestItsAddress:
    @pytest.fixture
    def beat(self, team, now):
        return make.heartbeat(status="up", last_ping_at=now, expected_at=now - MINUTE, due_at=now + MINUTE)

    def test_it_is_open_to_the_world_for_five_minutes(self, client, manager, beat):
        answer = asked(client, badge_make(actor=manager, heartbeat=beat).key)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
        assert answer["Cache-Control"] == "public, max-age=300"
        assert "Nightly backup: late" in answer.content.decode()

    @pytest.mark.parametrize(("states", "status"), [(2, "up"), (3, "late")])
    def test_it_tells_two_states_or_three(self, client, manager, beat, states, status):
        key = badge_make(actor=manager, heartbeat=None).key
        assert asked(client, key, "json", states).json()["status"] == status
        assert asked(client, key, "shields", states).json()["message"] == status

    def test_it_knows_badge_keys_only(self, client, team, beat):
        assert asked(client, beat.key).status_code == 404
        assert asked(client, team.ping_key).status_code == 404
        assert asked(client, beat.key, states=4).status_code == 404

    def test_it_is_gone_with_its_heartbeat(self, client, manager, beat, now):
        key = badge_make(actor=manager, heartbeat=beat).key
        beat.removed_at = now
        beat.save()
        assert asked(client, key).status_code == 404


class TestTheButtons:
    @pytest.mark.parametrize("path", ["badge/", "{pk}/badge/"])
    def test_it_makes_one_and_removes_it(self, signed_in, manager, team, path):
        client, url = signed_in(manager), "/monitoring/heartbeats/"
        beat = make.heartbeat()
        page = client.post(url + path.format(pk=beat.pk), follow=True).content.decode()
        assert f"/b/3/{Badge.objects.get().key}.svg" in page
        client.post(url + path.format(pk=beat.pk))
        assert Badge.objects.count() == 1
        client.post(url + path.format(pk=beat.pk), {"remove": "1"})
        assert not Badge.objects.exists()

    def test_it_is_for_managers(self, signed_in, responder, team):
        assert signed_in(responder).post("/monitoring/heartbeats/badge/").status_code == 403
