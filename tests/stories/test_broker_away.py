"""The broker is cut off for a while: probes keep their time, pages and pings answer, and nothing is lost or told twice."""

import pytest

from tests.sinks import SmtpSink
from tests.stories.console import console, until
from tests.stories.relay import Relay
from tests.stories.test_database_away import ask
from tests.stories.test_watched import not_ready

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("scaled")]
MORE = 2  # runs of the probe


@pytest.mark.parametrize("cut", [Relay.stop, Relay.silence])
def test_it_loses_no_alarm_while_the_broker_is_cut_off(tmp_path, database, site, cut):
    with (
        SmtpSink() as mail,
        Relay(database["REDIS_URL"]) as relay,
        console(tmp_path, EMAIL_URL=mail.url, **database | {"REDIS_URL": relay.url}) as running,
    ):
        running.session = running.make("shop", site=site.url)
        running.make("job", name="Backup", every=600)
        until(lambda: running.count("probes_probe WHERE status = 'up'"), 60)
        cut(relay)
        before = running.count("probes_result")
        site.stop()
        until(lambda: running.count("probes_result") >= before + MORE, 60)
        assert "broker" in not_ready(running)
        assert ask(running, "/today/")[0] == ask(running, running.ping_paths()[0])[0] == 200
        relay.start()
        (message,) = mail.wait(1, 90)
        until(lambda: not running.count("outbox_delivery WHERE status <> 'sent'"), 60)
        assert all(process.poll() is None for process in running.processes)
    assert "INC-001" in str(message["Subject"]) and len(mail.received) == 1
