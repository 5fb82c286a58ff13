"""A worker that stands still in the middle of its work, stopped or on a machine that was suspended: the others go on without it."""

import os
import signal

import pytest

from tests.sinks import SmtpSink
from tests.stories.console import console, until
from tests.stories.halting import halt_at, halted, hooked
from tests.stories.test_killed import STEPS

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("scaled")]


def test_it_tells_of_an_outage_though_a_worker_holds_on_to_it(tmp_path, database, site):
    settings = {**database, **hooked(tmp_path)}
    with SmtpSink() as mail, console(tmp_path, EMAIL_URL=mail.url, **settings) as running:
        running.start_second()
        running.make("shop", site=site.url)
        until(lambda: running.count("probes_probe WHERE status = 'up'"), 60)
        halt_at(running, STEPS["change"])
        site.stop()
        pid = halted(running)
        try:
            assert "INC-001" in str(mail.wait(1, 60)[0]["Subject"])
        finally:
            os.kill(pid, signal.SIGKILL)
    assert len(mail.received) == 1
