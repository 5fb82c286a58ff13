"""`python -m bench._load SECONDS CLIENTS < URLS`: so many clients ask in turn, each time on a fresh connection; prints JSON.

libcurl takes the times, so that this process's own pauses between two answers are not counted as the server's.
"""

import json
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import pycurl


@dataclass
class Told:
    """What the clients were told: answers by whether they were 2xx, and seconds each took."""

    ok: int = 0
    refused: int = 0
    took: list[float] = field(default_factory=list)

    def add(self, curl: Any) -> None:
        good = 200 <= curl.getinfo(pycurl.RESPONSE_CODE) < 300
        self.ok, self.refused = self.ok + good, self.refused + (not good)
        self.took.append(curl.getinfo(pycurl.TOTAL_TIME))

    def p99(self) -> float:
        """Milliseconds."""
        return sorted(self.took)[int(len(self.took) * 0.99)] * 1000 if self.took else 0.0


def ask(urls: list[str], seconds: float, clients: int) -> Told:
    multi, told, queue = pycurl.CurlMulti(), Told(), deque(urls)
    until = time.monotonic() + seconds
    idle, flying = [_client() for _ in range(clients)], 0
    while flying or time.monotonic() < until:
        while idle and time.monotonic() < until:
            flying += _send(multi, idle.pop(), queue)
        multi.select(0.1)
        multi.perform()
        for curl in _landed(multi):
            told.add(curl)
            idle.append(curl)
            flying -= 1
    return told


def _send(multi: Any, curl: Any, queue: deque[str]) -> int:
    curl.setopt(pycurl.URL, queue[0])
    queue.rotate(-1)
    multi.add_handle(curl)
    return 1


def _landed(multi: Any) -> list[Any]:
    _, good, bad = multi.info_read()
    done = [*good, *(entry[0] for entry in bad)]
    for curl in done:
        multi.remove_handle(curl)
    return done


def _client() -> Any:
    curl = pycurl.Curl()
    for option in (pycurl.FRESH_CONNECT, pycurl.FORBID_REUSE, pycurl.NOSIGNAL):
        curl.setopt(option, 1)
    curl.setopt(pycurl.TIMEOUT_MS, 10_000)
    curl.setopt(pycurl.WRITEFUNCTION, lambda _data: None)
    return curl


if __name__ == "__main__":
    told = ask(sys.stdin.read().split(), float(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps({"ok": told.ok, "refused": told.refused, "p99": told.p99()}))
