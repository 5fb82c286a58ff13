"""`python -m bench._probe_engine URL COUNT INTERVAL`: the console's engine, for one interval after one to warm up; prints JSON."""

import json
import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402 — models are there only after Django's set-up

from bench._probe_cpu import cpu  # noqa: E402
from bench._probe_rows import database_processes, lateness, make_probes, ran  # noqa: E402
from monitoring.probes.engine.loop import start_engine  # noqa: E402


def engine(url: str, count: int, interval: int) -> dict[str, float]:
    """CPU seconds a thousand probes, database included, and how late they started, in seconds."""
    call_command("migrate", verbosity=0)
    make_probes(url, count, interval)
    running = start_engine()
    time.sleep(interval + 4)
    beside = database_processes()
    since, before, used = int(time.time() * 1000), ran(), cpu(beside)
    time.sleep(interval)
    spent, done = cpu(beside) - used, ran() - before
    running.stop()
    running.join()
    late = lateness(interval, since)
    p99, worst = late[int(len(late) * 0.99)], late[-1]
    return {"cpu": spent / done * 1000, "p99": p99, "max": worst, "done": done}


if __name__ == "__main__":
    address, number, seconds = sys.argv[1:]
    print(json.dumps(engine(address, int(number), int(seconds))))
