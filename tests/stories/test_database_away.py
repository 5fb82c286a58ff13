"""The database server is stopped for a while: the console says so, acknowledges nothing, and is back soon after it."""

import json
import urllib.error
import urllib.request

import pytest

from tests.sinks import SmtpSink
from tests.stories.console import Console, console, until
from tests.stories.relay import Relay

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("scaled")]
SOON = 20  # seconds


def ask(running: Console, path: str) -> tuple[int, str]:
    request = urllib.request.Request(running.url + path, headers={"Cookie": f"session={running.session}"})
    try:
        with urllib.request.urlopen(request, timeout=40) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize(("cut", "times"), [(Relay.stop, 4), (Relay.silence, 1)])
def test_it_is_back_soon_after_its_database(tmp_path, database, site, cut, times):
    with (
        SmtpSink() as mail,
        Relay(database["DATABASE_URL"]) as relay,
        console(tmp_path, EMAIL_URL=mail.url, **database | {"DATABASE_URL": relay.url}) as running,
    ):
        running.session = running.make("shop", site=site.url)
        running.make("job", name="Backup", every=600)
        until(lambda: running.count("probes_probe WHERE status = 'up'"), 60)
        (ping,) = running.ping_paths()
        cut(relay)
        site.stop()
        for _ in range(times):  # ten seconds each: waits that double each time would have become long
            is_told(running, ping)
        relay.start()
        until(lambda: ask(running, "/today/")[0] == ask(running, ping)[0] == 200, SOON)
        assert "INC-001" in str(mail.wait(1, 60)[0]["Subject"])


def is_told(running: Console, ping: str) -> None:
    assert ask(running, "/healthz")[0] == 200
    status, text = ask(running, "/readyz")
    assert status == 503 and json.loads(text)["checks"]["database"].startswith("cannot be reached")
    status, text = ask(running, "/today/")
    assert status == 503 and "database does not answer" in text
    assert ask(running, ping)[0] == 503
