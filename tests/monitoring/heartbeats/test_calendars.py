"""Jobs that a timer of systemd starts: saved, previewed, expected, and over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.schedules import Plan
from monitoring.heartbeats.services import heartbeats
from monitoring.heartbeats.standing import standing
from monitoring.heartbeats.states import Schedule
from monitoring.heartbeats.tasks import fold_and_judge
from opsconsole.health.models import Gap
from tests.monitoring import make

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PREVIEW = "/monitoring/heartbeats/preview/"


def timed(calendar: str, **fields) -> Heartbeat:
    return make.heartbeat(schedule=Schedule.CALENDAR, calendar=calendar, zone="Europe/Vienna", **fields)


def folded(beat: Heartbeat, moment: datetime) -> Heartbeat:
    fold_and_judge(moment)
    beat.refresh_from_db()
    return beat


@pytest.mark.django_db
class TestExpecting:
    def test_it_expects_the_next_time_of_any_line(self, team, now):
        beat = timed("Mon 03:00\n20:15")
        make.ping(beat, now)
        assert folded(beat, now).expected_at == datetime(2026, 11, 18, 19, 15, tzinfo=UTC)

    def test_it_misses_what_does_not_come(self, team, now):
        beat = timed("20:15")
        make.ping(beat, now)
        fold_and_judge(now)
        make.listening(now + DAY)
        assert folded(beat, now + DAY).status == "down"
        assert "due 18 Nov 20:15 CET" in beat.status_reason

    def test_it_expects_nothing_after_the_last_time(self, team, now):
        beat = timed("2026-11-18 20:15")
        make.ping(beat, now + 12 * HOUR)
        assert folded(beat, now + 400 * DAY).expected_at is None
        assert standing(beat, now + 400 * DAY).word == "Done"

    def test_it_is_not_judged_again_where_the_last_time_fell_into_a_gap(self, team, now):
        beat = timed("2026-11-18 20:15")
        make.ping(beat, now)
        fold_and_judge(now)
        Gap.objects.create(part="listener", start=now + HOUR, end=now + 13 * HOUR)
        make.listening(now + DAY)
        assert (folded(beat, now + DAY).status, beat.expected_at, beat.due_at) == ("unknown", None, None)


@pytest.mark.django_db
class TestSaving:
    @pytest.mark.parametrize(
        ("calendar", "zone", "field"),
        [
            ("*-02-30", "UTC", "calendar"),
            ("2020-01-01", "UTC", "calendar"),
            ("soon", "UTC", "calendar"),
            ("", "UTC", "calendar"),
            ("daily", "Mars", "zone"),
        ],
    )
    def test_it_refuses_what_cannot_come(self, manager, now, calendar, zone, field):
        with pytest.raises(ValidationError) as refused:
            heartbeats.heartbeat_create(
                actor=manager, name="B", schedule=Schedule.CALENDAR, calendar=calendar, zone=zone, now=now
            )
        assert field in refused.value.message_dict

    @pytest.mark.usefixtures("frozen")
    def test_it_saves_what_the_form_says(self, signed_in, manager):
        form = {
            "name": "Backup",
            "schedule": "calendar",
            "calendar": "Mon..Fri 03:00\r\nSat 05:00",
            "zone": "UTC",
            "grace": "1 h",
        }
        signed_in(manager).post("/monitoring/heartbeats/new/", form)
        assert Heartbeat.objects.get().plan.words == "Mon..Fri 03:00 UTC and 1 more, 1 h grace"
        assert (
            signed_in(manager).post("/monitoring/heartbeats/new/", form | {"calendar": ""}).status_code == 200
        )


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("calendar=Mon..Fri+03:00&zone=Europe/Vienna", "Wednesday 25 November, 03:00 CET"),
        ("calendar=*-02-30", "never comes again"),
        ("calendar=soon", "is not an OnCalendar expression"),
        ("calendar=", ""),
    ],
)
def test_it_previews_the_next_five_times(signed_in, manager, asked, sentence):
    assert sentence in signed_in(manager).get(f"{PREVIEW}?schedule=calendar&{asked}").content.decode()


def test_it_names_a_zone_once():
    assert Plan(DAY, "", "Europe/Vienna", HOUR, calendar="03:00 UTC").words == "03:00 UTC, 1 h grace"
