"""`python -m bench._probe_libcurl URL COUNT INTERVAL`: the limit, libcurl alone; prints JSON."""

import json
import sys
import time
from typing import Any

import pycurl

from bench._probe_cpu import cpu

BEATS = 1  # a second, as the engine's


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
    address, number, seconds = sys.argv[1:]
    print(json.dumps(libcurl(address, int(number), int(seconds))))
