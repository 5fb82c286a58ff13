"""What was up when it was last asked is not shown as up once nobody asks any more."""

from datetime import timedelta

import pytest

from monitoring.probes.selectors import status_counts
from monitoring.probes.standing import status_of
from tests.monitoring import make
from tests.monitoring.catalogue.test_list import heading

pytestmark = pytest.mark.usefixtures("team", "frozen")
URL = "/monitoring/probes/"
AGO = timedelta(hours=2)


def left(now, status="up", **fields):
    """A probe that should have been asked two hours ago."""
    since = {"status_since": now - AGO, "last_at": now - AGO, "last_outcome": status}
    return make.probe("Front", status=status, **since | {"next_at": now - AGO} | fields)


def test_it_is_not_measured_in_the_list(viewer, signed_in, now):
    left(now)
    make.probe("Good", status="up", next_at=now)
    page = signed_in(viewer).get(URL)
    assert heading(page) == "1 of 2 probes is up; 1 is not measured."
    rows = [(row.name, row.tone, row.error) for row in page.context["list"].rows]
    assert rows == [("Front", "unknown", "The console has not asked it in time."), ("Good", "ok", "")]


def test_it_is_found_by_the_state_it_is_shown_in(viewer, signed_in, now):
    left(now)
    client = signed_in(viewer)
    shown = [client.get(URL, {"status": s}).context["list"].rows for s in ("up", "unknown")]
    assert [len(rows) for rows in shown] == [0, 1]


def test_it_is_not_measured_on_its_page(viewer, signed_in, now):
    page = signed_in(viewer).get(f"{URL}{left(now).pk}/")
    assert heading(page).startswith("Front is not measured since")
    assert (page.context["page"].tone, page.context["page"].why) == (
        "unknown",
        "The console has not asked it in time.",
    )


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"status": "down"}, "down"),
        ({"status": "paused", "is_paused": True}, "paused"),
        ({"next_at": None}, "up"),
    ],
)
def test_it_leaves_what_is_down_paused_or_new(now, fields, status):
    probe = left(now, **fields)
    assert status_of(probe, now) == status
    assert status_counts(now) == {status: 1}


def test_it_waits_two_intervals_and_a_time_out(now):
    probe = left(now, next_at=now - timedelta(seconds=70))
    for seconds, status in ((0, "up"), (1, "unknown")):
        moment = now + timedelta(seconds=seconds)
        assert status_of(probe, moment) == status
        assert status_counts(moment) == {status: 1}
