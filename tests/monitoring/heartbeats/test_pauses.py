"""Pauses: by hand and by a script's call, with and without an end; what is so when they are over."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from monitoring.catalogue.models import StatusChange
from monitoring.heartbeats import acts
from monitoring.heartbeats.services import pauses
from monitoring.heartbeats.tasks import fold_and_judge
from tests.monitoring import make

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SPAN = 20 * MINUTE


def paused(now, manager, *reports: str, **fields):
    """Heard of before, then paused for 20 minutes."""
    beat = make.heartbeat(**fields)
    for kind in reports:
        make.ping(beat, now - MINUTE, kind)
    fold_and_judge(now)
    return pauses.heartbeat_pause(actor=manager, heartbeat=beat, now=now, span=SPAN)


def after(beat, moment):
    fold_and_judge(moment)
    beat.refresh_from_db()
    return beat.status


@pytest.mark.django_db
class TestItsEnd:
    def test_it_ends_by_itself(self, manager, now):
        beat = paused(now, manager, "success")
        assert (after(beat, now + SPAN - MINUTE), beat.paused_by) == ("paused", "Mara")
        assert (after(beat, now + SPAN), beat.paused_until, beat.paused_by) == ("up", None, "")
        assert StatusChange.objects.order_by("-pk").values_list("old", "new", "at")[0] == (
            "paused",
            "up",
            now + SPAN,
        )

    @pytest.mark.parametrize(("before", "then"), [(("success",), "up"), (("fail",), "down"), ((), "unknown")])
    def test_it_is_what_was_last_reported(self, manager, now, before, then):
        assert after(paused(now, manager, *before), now + SPAN) == then

    def test_it_heeds_what_was_reported_meanwhile(self, manager, now):
        beat = paused(now, manager, "success")
        make.ping(beat, now + MINUTE, "fail")
        assert after(beat, now + 2 * MINUTE) == "paused"
        assert after(beat, now + SPAN) == "down"

    def test_it_blames_nobody_for_silence_meanwhile(self, manager, now):
        beat = paused(now, manager, "success", period=10 * MINUTE, grace=MINUTE)
        assert after(beat, now + SPAN) == "unknown"
        make.listening(now + 2 * HOUR)
        assert beat.expected_at == now + SPAN + 10 * MINUTE
        assert after(beat, now + HOUR) == "down"

    def test_it_has_none_unless_it_was_given_one(self, manager, now):
        beat = make.heartbeat()
        pauses.heartbeat_pause(actor=manager, heartbeat=beat, now=now)
        assert after(beat, now + 500 * HOUR) == "paused"


@pytest.mark.django_db
class TestAPing:
    def test_it_ends_a_pause_where_told_to(self, manager, now):
        beat = paused(now, manager, "success", ping_resumes=True)
        make.ping(beat, now + MINUTE, "fail")
        assert (after(beat, now + MINUTE), beat.paused_until) == ("down", None)

    def test_it_ends_none_that_began_after_it(self, manager, now):
        beat = paused(now, manager, ping_resumes=True)
        make.ping(beat, now - MINUTE)
        assert after(beat, now + MINUTE) == "paused"

    def test_it_ends_none_by_a_start_or_a_note(self, manager, now):
        beat = paused(now, manager, ping_resumes=True)
        make.ping(beat, now + MINUTE, "start")
        make.ping(beat, now + MINUTE, "log")
        assert after(beat, now + MINUTE) == "paused"


@pytest.mark.django_db(transaction=True)
class TestByCurl:
    AGENT = {"HTTP_USER_AGENT": "curl/8.5"}

    def test_it_pauses_for_as_long_as_asked(self, ping, heartbeat, frozen, now):
        answer = ping(f"/ping/{heartbeat.key}/pause?minutes=20", method="POST", **self.AGENT)
        assert answer[:2] == (200, "paused until 2026-11-18 08:20 UTC")
        heartbeat.refresh_from_db()
        assert (heartbeat.status, heartbeat.paused_until) == ("paused", now + SPAN)
        assert heartbeat.status_reason == "Paused by curl/8.5 from 192.0.2.7 for 20 min."

    def test_it_takes_ping_key_and_slug(self, ping, heartbeat, team):
        assert ping(f"/ping/{team.ping_key}/nightly-backup/pause?minutes=1", method="POST").status == 200
        assert ping(f"/ping/{team.ping_key}/nightly-backup/resume", method="POST").text == "not paused"
        heartbeat.refresh_from_db()
        assert (heartbeat.status, heartbeat.paused_until) == ("unknown", None)

    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
    def test_it_wants_a_post(self, ping, heartbeat, method):
        answer = ping(f"/ping/{heartbeat.key}/pause?minutes=20", method=method)
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")
        heartbeat.refresh_from_db()
        assert heartbeat.status == "unknown"

    @pytest.mark.parametrize(
        "minutes", ["", "?minutes=", "?minutes=0", "?minutes=10081", "?minutes=-5", "?minutes=1.5"]
    )
    def test_it_wants_an_end(self, ping, heartbeat, minutes):
        answer = ping(f"/ping/{heartbeat.key}/pause{minutes}", method="POST")
        assert (answer.status, "minutes=20" in answer.text) == (400, True)

    @pytest.mark.parametrize("name", ["00000000-0000-4000-8000-000000000000", "wrong-key/nightly-backup"])
    def test_it_does_not_know_strangers(self, ping, heartbeat, name):
        assert ping(f"/ping/{name}/pause?minutes=20", method="POST")[:2] == (404, "not found")

    def test_it_shortens_no_pause(self, ping, heartbeat, frozen, now):
        for minutes in (60, 20):
            ping(f"/ping/{heartbeat.key}/pause?minutes={minutes}", method="POST")
        heartbeat.refresh_from_db()
        assert heartbeat.paused_until == now + HOUR

    @pytest.mark.parametrize("word", ["pause?minutes=20", "resume"])
    def test_it_leaves_alone_what_a_person_paused(self, ping, heartbeat, manager, now, word):
        pauses.heartbeat_pause(actor=manager, heartbeat=heartbeat, now=now)
        assert ping(f"/ping/{heartbeat.key}/{word}", method="POST").status == 409
        heartbeat.refresh_from_db()
        assert (heartbeat.status, heartbeat.paused_until) == ("paused", None)

    def test_it_says_when_it_could_not(self, ping, heartbeat, monkeypatch):
        def broken(**_given):
            raise DatabaseError("locked")

        monkeypatch.setattr(acts, "heartbeat_hush", broken)
        answer = ping(f"/ping/{heartbeat.key}/pause?minutes=20", method="POST")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")


@pytest.mark.usefixtures("frozen")
class TestThePage:
    def test_it_shows_until_when_and_who_asked(self, signed_in, manager, team):
        beat = make.heartbeat()
        url = f"/monitoring/heartbeats/{beat.pk}/"
        signed_in(manager).post(f"{url}pause/", {"span": "20"})
        page = signed_in(manager).get(url).content.decode()
        assert "Paused by Mara for 20 min." in page
        assert "The pause ends by itself" in page
        assert "until <time" in signed_in(manager).get("/monitoring/heartbeats/").content.decode()

    def test_it_refuses_a_span_that_is_not_offered(self, signed_in, manager, team):
        beat = make.heartbeat()
        signed_in(manager).post(f"/monitoring/heartbeats/{beat.pk}/pause/", {"span": "-5"})
        beat.refresh_from_db()
        assert beat.status == "unknown"

    def test_it_says_what_pings_mean(self, signed_in, manager, team):
        beat = make.heartbeat()
        form = {
            "name": "Backup",
            "schedule": "period",
            "period": "1 day",
            "grace": "1 h",
            "failure_words": "ERROR",
        }
        signed_in(manager).post(f"/monitoring/heartbeats/{beat.pk}/edit/", form | {"post_only": "on"})
        beat.refresh_from_db()
        assert (beat.failure_words, beat.words_in, beat.post_only, beat.else_fails) == (
            "ERROR",
            "body",
            True,
            False,
        )
