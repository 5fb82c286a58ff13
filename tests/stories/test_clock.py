"""The console is suspended, or its clock is moved: what fell due meanwhile is held against nobody, and work goes on."""

import signal
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest

from tests.sinks import SmtpSink
from tests.stories.console import Console, console, until
from tests.stories.halting import hooked, set_clock

pytestmark = pytest.mark.servers
JOBS = ("Backup", "Import", "Invoices")


@pytest.fixture
def mail():
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def running(tmp_path, database, site, mail):
    """A probe that is up, and jobs that reported and are expected again in ten minutes."""
    settings = {"EMAIL_URL": mail.url, **database, **hooked(tmp_path, clock=True)}
    with console(tmp_path, **settings) as made:
        made.session = made.make("shop", site=site.url)
        for name in JOBS:
            made.make("job", name=name, every=600)
        ping(made)
        until(lambda: made.count("probes_probe WHERE status = 'up'") == 1, 60)
        until(lambda: made.count("heartbeats_heartbeat WHERE status = 'up'") == len(JOBS), 60)
        yield made


def ping(running: Console) -> None:
    for path in running.ping_paths():
        with urlopen(running.url + path, timeout=10) as answer:
            assert answer.status == 200


@contextmanager
def suspended(running: Console):
    running.signal(signal.SIGSTOP)
    yield
    running.signal(signal.SIGCONT)


def test_it_pages_nobody_for_the_time_in_which_it_was_suspended(running, mail):
    with suspended(running):
        set_clock(running, 1800)
    nobody_is_blamed(running)
    assert not mail.received


def test_it_goes_on_after_its_clock_was_set_forth_and_back(running, mail, site):
    set_clock(running, 7200)
    nobody_is_blamed(running)
    assert not mail.received
    set_clock(running, 0)
    sweeps_run(running)
    site.stop()
    assert "INC-001" in str(mail.wait(1, 60)[0]["Subject"])


def nobody_is_blamed(running: Console) -> None:
    """Jobs that were due in the gap are unknown until they report again; the page tells of the gap."""
    told = "heartbeats_heartbeat WHERE status = 'unknown' AND status_reason LIKE '%was not listening from%'"
    until(lambda: running.count(told) == len(JOBS), 60)
    assert "Listener: " in running.page("/settings/health/")
    ping(running)
    until(lambda: running.count("heartbeats_heartbeat WHERE status = 'up'") == len(JOBS), 60)
    assert running.count("response_incident") == 0


def sweeps_run(running: Console) -> None:
    """Those that come often run by the clock as it is now."""
    begun = str(datetime.now(UTC))[:19]
    waiting = "health_sweeprun WHERE every_seconds <= 15 AND (finished_at < %s OR finished_at > %s)"

    def none_waits() -> bool:
        soon = str(datetime.now(UTC) + timedelta(seconds=5))[:19]
        return not running.rows(f"SELECT sweep FROM {waiting}", begun, soon)

    until(none_waits, 60)
