"""The embedded console as a whole: how soon it shows its first page, and how much memory it takes with 200 probes.

PSS counts a page that several processes share once. Beside both stands a process of Django with accounts, sessions and templates, and nothing of ours. OPSCONSOLE_BENCH_MINUTES says how long it works before it is weighed.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bench.probe import target
from tests.stories.console import Console, console

PROBES = 200
FILL = """
from monitoring.catalogue.models import Service
from monitoring.probes.services import probe_create
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.clock import now
service = Service.objects.create(name="Bench", slug="bench")
for n in range({probes}):
    probe_create(actor=SYSTEM, service=service, name=f"Probe {{n}}", config={{"url": "{url}"}}, now=now())
"""


_DJANGO = """
import re, django
from django.conf import settings
settings.configure(INSTALLED_APPS=[f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "staticfiles")])
django.setup()
from django.core.handlers.wsgi import WSGIHandler
from django.template import engines
engines.all()
print(int(re.findall(r"^Pss:\\s+(\\d+)", open("/proc/self/smaps_rollup").read(), re.M)[0]) / 1024)
"""


def _django() -> Iterator[tuple[str, float, str]]:
    starts = [_started() for _ in range(3)]
    yield "start_django", min(seconds for seconds, _ in starts), "s"
    yield "pss_django", starts[-1][1], "MB"


def _started() -> tuple[float, float]:
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", _DJANGO], stdout=subprocess.PIPE, check=True)
    return time.monotonic() - began, float(done.stdout)


def figures() -> Iterator[tuple[str, float, str]]:
    yield from _django()
    with tempfile.TemporaryDirectory() as folder, target() as port, console(Path(folder)) as running:
        running.manage(
            "create_owner", "--email", "bench@example.com", "--password-stdin", given="three long words\n"
        )
        running.manage("shell", "-v0", "-c", FILL.format(probes=PROBES, url=f"http://127.0.0.1:{port}/"))
        running.stop()
        yield "first_page", min(_first_page(running) for _ in range(3)), "s"
        time.sleep(60 * float(os.environ.get("OPSCONSOLE_BENCH_MINUTES", "1")))
        for path in ("/sign-in/", "/healthz", "/readyz") * 20:
            with suppress(OSError):
                urllib.request.urlopen(running.url + path, timeout=5).read()
        yield "pss_embedded", pss(running.processes[0].pid), "MB"


def _first_page(running: Console) -> float:
    """Seconds from the start of the command to the whole sign-in page, the schema being current."""
    if running.processes:
        running.stop()
    started = time.monotonic()
    running.start("/sign-in/")
    return time.monotonic() - started


def pss(pid: int) -> float:
    """Proportional set size of a process and all that descend from it, in MB."""
    family = [pid, *_descendants(pid)]
    texts = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in family]
    return sum(int(re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE)[0]) for text in texts) / 1024


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [one for child in children for one in (int(child), *_descendants(int(child)))]
