"""Uptime Kuma's push address keeps working."""

import json

import pytest

from monitoring.heartbeats.models import Ping

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_takes_a_push(ping, heartbeat):
    answer = ping(f"/api/push/{heartbeat.key.hex}?status=up&msg=OK&ping=31")
    assert (answer.status, json.loads(answer.text)) == (200, {"ok": True})
    stored = Ping.objects.get()
    assert (stored.kind, stored.body) == ("success", "OK · 31 ms")


def test_it_takes_a_push_that_says_down(ping, heartbeat):
    ping(f"/api/push/{heartbeat.key.hex}?status=down&msg=disk+full")
    stored = Ping.objects.get()
    assert (stored.kind, stored.body) == ("fail", "disk full")


@pytest.mark.parametrize("token", ["0" * 32, "short", "", "a/b", "ä"])
def test_it_answers_a_stranger_as_kuma_does(ping, token):
    answer = ping(f"/api/push/{token}")
    assert answer.status == 404
    assert json.loads(answer.text) == {"ok": False, "msg": "Monitor not found or not active."}
