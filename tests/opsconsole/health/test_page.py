"""The page on which the console tells how it is itself."""

from datetime import timedelta

import pytest

from opsconsole.health import selectors
from opsconsole.health.models import Gap, Pulse, SweepRun, Switch
from opsconsole.health.services import sweep_ran, sweeps_announce, switch_called
from opsconsole.health.vitals import Vital, vitals
from opsconsole.health.watches import Overdue, watches

URL = "/settings/health/"
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def page(signed_in, viewer, monkeypatch, now):
    """A console whose only sweep has run and whose only watch finds nothing."""
    monkeypatch.setattr(watches, "_entries", {"test.late": lambda moment: Overdue(0)})
    sweeps_announce(table={"health.audit": timedelta(minutes=1)})
    sweep_ran(sweep="health.audit", now=now)
    return lambda: signed_in(viewer).get(URL).text


def test_it_says_that_the_console_is_well(page):
    assert "<h1>The console is well: everything that was due has run.</h1>" in page()
    assert "No part has reported yet." in page()


def test_it_says_how_large_the_database_is_and_how_much_room_is_left(page, monkeypatch):
    monkeypatch.setattr(selectors, "database_bytes", lambda: 5 * 2**20)
    monkeypatch.setattr(selectors, "room", lambda: 3 * 2**30)
    assert "answers; it is 5.0\xa0MB large" in page() and "3.0\xa0GB are free" in page()


def test_it_marks_a_sweep_that_is_late(page, frozen):
    frozen.shift(timedelta(minutes=5))
    assert "The console is not well" in page()
    assert '<span class="tag bad">Late</span> <time' in page()


def test_it_says_what_is_overdue_and_since_when(page, monkeypatch, now):
    found = Overdue(2, now - timedelta(minutes=20), "2 messages wait")
    monkeypatch.setitem(watches._entries, "test.late", lambda moment: found)
    assert "The console is not well" in page()
    assert "<span>2 messages wait</span>" in page() and "20 min ago" in page()
    assert "<h1>The console is not well: 1 thing is overdue.</h1>" in page()


def test_it_shows_what_nouns_tell_of_their_parts(page, monkeypatch):
    told = Vital("Channels", "bad", "Team chat takes nothing", "/settings/channels/")
    monkeypatch.setattr(vitals, "_entries", {"outbox": lambda moment: [told]})
    assert "<h1>The console is not well: look at channels.</h1>" in page()
    assert '<a href="/settings/channels/">Channels</a><span class="quiet">Team chat takes nothing' in page()


def test_it_is_not_well_while_nobody_outside_hears_from_it(page, settings, now):
    settings.OPSCONSOLE_DEADMAN_URL = "https://switch.example/abc"
    switch_called(now=now, error="It answered 404.")
    assert "<h1>The console is not well: nobody outside hears from it.</h1>" in page()


def test_it_says_why_a_sweep_failed(page, now):
    SweepRun.objects.update(failed_at=now, last_error="OperationalError: <b>locked</b>")
    assert "OperationalError: &lt;b&gt;locked&lt;/b&gt;" in page()


def test_it_tells_of_parts_and_of_the_times_without_them(page, now):
    Pulse.objects.create(part="engine", started_at=now, seen_at=now - timedelta(minutes=1))
    Gap.objects.create(part="listener", start=now - timedelta(hours=1), end=now)
    assert "<dt>Engine</dt><dd>seen <time" in page()
    assert "Listener: <time" in page() and "held against a job" in page()


def test_it_says_that_nobody_outside_would_notice(page):
    assert "Not set" in page() and "Nobody outside notices when this console is gone." in page()


def test_it_says_when_the_switch_last_heard_from_us(page, settings, now):
    settings.OPSCONSOLE_DEADMAN_URL = "https://switch.example/abc"
    assert "It is told every minute" in page()
    switch_called(now=now - timedelta(minutes=2))
    assert "that nothing is overdue" in page()


def test_it_says_why_the_switch_does_not_hear_from_us(page, settings, now):
    settings.OPSCONSOLE_DEADMAN_URL = "https://switch.example/secret"
    switch_called(now=now, error="It answered 404; is its address right?")
    assert "It answered 404; is its address right? It has never heard from us." in page()
    assert "secret" not in page()
    assert Switch.objects.get().fails
