"""One libcurl handle and what comes in through it; used for one run after another."""

import errno
import socket
from collections.abc import Callable
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

import pycurl

from monitoring.probes.engine.runs import Run
from monitoring.probes.kinds import Answer, Target
from opsconsole.lib.http.client import reason
from opsconsole.lib.http.easy import Request, aim, host_of, open_permitted, settle
from opsconsole.lib.http.guard import is_own, refusal
from opsconsole.lib.moments import to_ms


def _everything(_host: str) -> bool:
    return True


class Slot:
    """Set up once; `begin` points it at a run, `finish` reads what came of it."""

    __slots__ = (
        "addresses", "aimed", "chunks", "curl", "keep", "kept", "limit", "own", "permits", "refused", "run", "sockets", "taken", "truncated"
    )  # fmt: skip

    def __init__(self, permits: Callable[[str], bool]) -> None:
        self.curl: Any = pycurl.Curl()
        self.permits = permits
        self.aimed: Request | None = None
        self.run: Run | None = None
        settle(self.curl)
        self.curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)
        self.curl.setopt(pycurl.WRITEFUNCTION, self._write)
        self.curl.slot = self

    def begin(self, run: Run, now: int) -> None:
        """Raises pycurl.error or UnicodeError for what libcurl cannot be pointed at."""
        target = run.target
        if not isinstance(target, Target):
            raise TypeError("a run needs a target")
        self.run, self.keep, self.limit = run, target.keep, target.request.limit
        self.chunks: list[bytes] = []
        self.addresses: list[str] = []
        self.sockets: list[socket.socket] = []
        self.kept = self.taken = 0
        self.refused, self.truncated = "", False
        self.own = is_own(target.request.url)
        self._aim(target.request, run.wants_certificate(now))

    def _aim(self, request: Request, with_certificate: bool) -> None:
        """Most probes ask the same way of another address: then only the address is set."""
        last, self.aimed = self.aimed, None
        if with_certificate or last is None or not _alike(last, request):
            aim(self.curl, replace(request, cert_info=with_certificate))
            self.aimed = None if with_certificate else request
            return
        self.curl.setopt(pycurl.URL, request.url)
        self.aimed = request

    def _open(self, _purpose: int, address: Any) -> Any:
        opened = open_permitted(address, _everything if self.own else self.permits)
        if opened is None:
            self.refused = host_of(address)
            return pycurl.SOCKET_BAD
        self.addresses.append(address[3][0])
        self.sockets.append(opened)
        return opened

    def _write(self, data: bytes) -> int | None:
        """Keep the first bytes, count the rest; past the limit the transfer ends."""
        if self.kept < self.keep:
            self.chunks.append(data[: self.keep - self.kept])
            self.kept += len(data)
        self.taken += len(data)
        if self.taken <= self.limit:
            return None
        self.truncated = True
        return -1

    def finish(self, error: int = 0, detail: str = "") -> Answer:
        """What came: call it once, when libcurl is done with the handle."""
        self.release()
        read = self.curl.getinfo
        if error == pycurl.E_WRITE_ERROR and self.truncated:
            error = 0
        answer = Answer(error, "", read(pycurl.RESPONSE_CODE), read(pycurl.TOTAL_TIME) * 1000)
        _phases(answer, read)
        answer.body = self.chunks[0] if len(self.chunks) == 1 else b"".join(self.chunks)
        answer.size, answer.cut = self.taken, self.truncated
        answer.kind = _text(self.curl.getinfo_raw(pycurl.CONTENT_TYPE))
        if 300 <= answer.code < 400:
            answer.redirect = _text(self.curl.getinfo_raw(pycurl.REDIRECT_URL))
        if error:
            self._explain(answer, error, detail)
        elif self.aimed is None:
            answer.expires_at = _expiry(read(pycurl.INFO_CERTINFO))
        return answer

    def release(self) -> None:
        """libcurl works on a duplicate of each socket; the connection ends when both are closed."""
        for opened in self.sockets:
            opened.close()
        self.sockets.clear()

    def _explain(self, answer: Answer, error: int, detail: str) -> None:
        answer.problem = reason(error, detail)
        answer.peer = self.addresses[-1] if self.addresses else ""
        answer.reached = self.curl.getinfo(pycurl.CONNECT_TIME) > 0 or _was_refused(self.curl)
        if self.refused and (not self.addresses or self.curl.getinfo(pycurl.REDIRECT_COUNT)):
            answer.ours = refusal(self.refused)
        elif self.addresses and error == pycurl.E_COULDNT_CONNECT and not any(map(has_route, self.addresses)):
            answer.ours = "The console has no network route to this address."


def _alike(a: Request, b: Request) -> bool:
    same = a.timeout == b.timeout and a.method == b.method and a.follow == b.follow and a.verify == b.verify
    same = same and a.hops == b.hops and a.papers == b.papers
    return same and a.headers == b.headers and a.body is None and b.body is None


def _text(raw: bytes | None) -> str:
    """What a header says; whoever answers may have put any byte into it."""
    return raw.decode("utf-8", "replace") if raw else ""


def _phases(answer: Answer, read: Callable[[int], float]) -> None:
    """libcurl counts each from the start; the differences are what took how long."""
    dns, connect = read(pycurl.NAMELOOKUP_TIME), read(pycurl.CONNECT_TIME)
    tls, first = read(pycurl.APPCONNECT_TIME), read(pycurl.STARTTRANSFER_TIME)
    answer.dns = dns * 1000
    answer.connect = max(0.0, connect - dns) * 1000
    answer.tls = max(0.0, tls - connect) * 1000
    answer.first_byte = max(0.0, first - max(tls, connect)) * 1000


def _was_refused(curl: Any) -> bool:
    """A refusal is an answer: a packet came back."""
    return bool(curl.getinfo(pycurl.OS_ERRNO) == errno.ECONNREFUSED)


def has_route(address: str) -> bool:
    """Whether this machine knows where to send packets for an address; nothing is sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
    except OSError:
        return False
    return True


def _expiry(chain: Any) -> int | None:
    """When the first certificate of the chain expires, in milliseconds; None when there was none, or none to be read."""
    for name, value in chain[0] if chain else ():
        if name == "Expire date":
            try:
                return to_ms(parsedate_to_datetime(value))
            except (ValueError, TypeError):
                return None
    return None
