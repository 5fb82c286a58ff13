"""Targets and name servers that hang, drip, lie and break off: each probe ends in its time, and the others are on time."""

import os
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.monitoring.probes.servers import Target
from tests.stories.console import PYTHON, ROOT, Console, console, until
from tests.stories.names import ADDRESS, Names

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("embedded")]
MEAN = ("hang", "drip", "reset", "empty", "garbage", "loop", "headers")
BAD_NAMES = ("fails", "nothing", "many", *(f"hang{number}" for number in range(30)))
INTERVAL, LATE = 5_000, 5_000  # milliseconds; how late the worst may start while others hang

CALL = """
import time
from opsconsole.lib.http.client import CallFailed, call
from opsconsole.lib.http.easy import Request
began = time.monotonic()
try:
    call(Request("http://hang.test/", timeout=1))
except CallFailed as failure:
    print(failure, time.monotonic() - began)
"""


@pytest.fixture
def own_names(tmp_path: Path) -> Iterator[list[str]]:
    """What to put before a command for it to ask our name server."""
    settings = tmp_path / "resolv.conf"
    settings.write_text(f"nameserver {ADDRESS}\n")
    under = ["unshare", "--mount", "sh", "-c", f'mount --bind {settings} /etc/resolv.conf && exec "$@"', "sh"]
    if os.getuid() or subprocess.run([*under, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a name server of its own takes root, and the right to mount")
    with Names():
        yield under


def test_a_call_does_not_wait_for_a_name_longer_than_for_an_answer(tmp_path, own_names):
    """The look-up itself, which nobody can end, takes ten seconds."""
    command = [*own_names, PYTHON, "manage.py", "shell", "-v0", "-c", CALL]
    settings = Console.at(tmp_path).environment
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=True)
    assert "No complete answer in time" in done.stdout
    assert float(done.stdout.split()[-1]) < 8


def test_it_probes_the_others_on_time(tmp_path, database, own_names):
    with Target() as target, console(tmp_path, own_names, **database) as running:
        good = {f"Good {n}": target.url("/ok") for n in range(10)}
        good |= {f"Named {n}": f"http://good{n}.test:{target.port}/ok" for n in range(10)}
        bad = {name: target.url(f"/{name}") for name in MEAN}
        bad |= {name: f"http://{name}.test:{target.port}/ok" for name in BAD_NAMES}
        running.make("team")
        running.make("probes", **good, **bad)
        few = "(SELECT count(*) FROM probes_result r WHERE r.probe_id = p.id) < 4"
        until(lambda: not running.count(f"probes_probe p WHERE {few}"), 60)
        fine = running.rows("SELECT name FROM probes_probe WHERE status = 'up'")
        starts = running.rows(
            "SELECT name, at FROM probes_result JOIN probes_probe ON id = probe_id ORDER BY at"
        )
        told = dict(running.rows("SELECT name, last_error FROM probes_probe"))
    assert {name for (name,) in fine} == set(good)
    for name in good:
        times = [at for whose, at in starts if whose == name]
        assert max(after - before for before, after in pairwise(times)) < INTERVAL + LATE
    assert all(told[name] for name in bad)
