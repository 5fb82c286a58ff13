"""`python -m bench._probe_child engine|libcurl URL COUNT INTERVAL`: ask for one interval after one to warm up; prints JSON."""

import json
import resource
import sys
import time
from collections.abc import Sequence
from typing import Any

import django
import psutil
import pycurl

BEATS = 1  # a second, as the engine's


def cpu(others: Sequence[psutil.Process] = ()) -> float:
    """Seconds of this process, and of the database server's where that is another."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    times = [(used.ru_utime, used.ru_stime), *(process.cpu_times()[:2] for process in others)]
    return float(sum(user + system for user, system in times))


def engine(url: str, count: int, interval: int) -> dict[str, float]:
    """CPU seconds a thousand probes, database included, and how late they started, in seconds."""
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 — after setup

    from bench._probe_rows import database_processes, lateness, make_probes, ran  # noqa: PLC0415
    from monitoring.probes.engine.loop import start_engine  # noqa: PLC0415

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


def libcurl(url: str, count: int, interval: int) -> dict[str, float]:
    """The limit: bare libcurl asks as often, on the same beats, and stores nothing."""
    multi, idle, done, started = pycurl.CurlMulti(), [_handle() for _ in range(200)], 0, 0
    begun, used, rate = time.monotonic(), cpu(), count / interval
    while done < count:
        due = min(count, int((time.monotonic() - begun) * BEATS) * max(1, round(rate / BEATS)))
        while started < due and idle:
            curl = idle.pop()
            curl.setopt(pycurl.URL, url)
            multi.add_handle(curl)
            started += 1
        multi.perform()
        _, good, bad = multi.info_read()
        for curl in [*good, *(entry[0] for entry in bad)]:
            multi.remove_handle(curl)
            idle.append(curl)
            done += 1
        multi.select(0.1) if started > done else time.sleep(0.01)
    return {"cpu": (cpu() - used) / count * 1000}


def _handle() -> Any:
    curl = pycurl.Curl()
    options = {
        pycurl.FRESH_CONNECT: 1,
        pycurl.FORBID_REUSE: 1,
        pycurl.SSL_SESSIONID_CACHE: 0,
        pycurl.NOSIGNAL: 1,
    }
    options |= {pycurl.SSL_VERIFYPEER: 0, pycurl.SSL_VERIFYHOST: 0, pycurl.TIMEOUT_MS: 10_000}
    for option, value in options.items():
        curl.setopt(option, value)
    curl.setopt(pycurl.WRITEFUNCTION, lambda _data: None)
    return curl


if __name__ == "__main__":
    mode, address, number, seconds = sys.argv[1:]
    print(json.dumps({"engine": engine, "libcurl": libcurl}[mode](address, int(number), int(seconds))))
