"""A real engine process is killed between claim and confirm; the next one repeats what was lost and nothing else."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.monitoring.probes.servers import Target

pytestmark = pytest.mark.servers
_ROOT = Path(__file__).parents[3]
_RUN = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from monitoring.catalogue.models import Service
from monitoring.probes.models import Probe
from monitoring.probes.engine.loop import start_engine
from opsconsole.lib import clock
service, _ = Service.objects.get_or_create(name="Shop", slug="shop")
Probe.objects.get_or_create(service=service, name="Front", defaults={"config": {"url": "%s"}, "next_at": clock.now(),
    "interval": 5, "retry_interval": 5, "timeout": 30})
start_engine().join()
"""
_COUNT = """
import django; django.setup()
from monitoring.catalogue.models import StatusChange
from monitoring.probes.models import Bucket, Probe, Result
print(Result.objects.count(), Probe.objects.get().status, StatusChange.objects.count(), Bucket.objects.count())
"""


@pytest.fixture
def python(tmp_path):
    """`python(code)` starts a process on a database of its own."""
    environment = os.environ | {
        "OPSCONSOLE_DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'console.sqlite3'}",
        "OPSCONSOLE_ALLOWED_NETWORKS": "127.0.0.0/8",
        "DJANGO_SETTINGS_MODULE": "opsconsole.settings",
    }
    running: list[subprocess.Popen[str]] = []

    def start(code: str) -> "subprocess.Popen[str]":
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", code], cwd=_ROOT, env=environment, text=True, stdout=subprocess.PIPE
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()


def test_it_repeats_a_run_that_was_killed_between_claim_and_confirm(python):
    with Target() as target:
        first = python(_RUN % target.url("/slow/3000"))
        _until(lambda: target.asked.get("/slow/3000", 0) >= 1)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        assert _count(python).split()[:3] == ["0", "unknown", "0"]
        python(_RUN % target.url("/slow/3000"))
        _until(lambda: target.asked["/slow/3000"] >= 2)
        _until(lambda: _count(python).split()[1] == "up", pause=0.5)
    assert _count(python).split()[2] == "1"


def _count(python) -> str:
    return str(python(_COUNT).communicate()[0]).strip()


def _until(condition, pause: float = 0.05, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(pause)
