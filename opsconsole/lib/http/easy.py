"""One libcurl handle, set up safely: what every outgoing call has in common, probe or webhook."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pycurl

from opsconsole.lib.http.guard import Network, permitted

USER_AGENT = "OpsConsole/0.1"


@dataclass
class Request:
    """What to ask. Times in seconds, sizes in bytes. `follow` is the number of redirects that are followed."""

    url: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout: float = 10
    connect_timeout: float = 5
    follow: int = 0
    limit: int = 1024 * 1024
    verify: bool = True
    cert_info: bool = False


@dataclass
class Capture:
    """What came back while it comes: the body up to the limit, the headers, and whether the guard refused."""

    limit: int
    body: BytesIO = field(default_factory=BytesIO)
    headers: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    truncated: bool = False

    def write(self, data: bytes) -> int:
        """Take what fits; libcurl stops the transfer when told that less was taken than given."""
        room = self.limit - self.body.tell()
        self.body.write(data[:room])
        self.truncated = self.truncated or len(data) > room
        return len(data) if len(data) <= room else -1

    def header(self, line: bytes) -> None:
        name, colon, value = line.decode("latin-1").partition(":")
        if colon and len(self.headers) < 200:
            self.headers[name.strip().lower()] = value.strip()


def prepare(curl: Any, request: Request, allowed: Sequence[Network]) -> Capture:
    """Set a fresh or reset handle up for one request and return where its answer will be found."""
    capture = Capture(request.limit)

    def open_socket(_purpose: int, address: Any) -> Any:
        family, kind, protocol, where = address
        host = where[0] if isinstance(where, tuple) else str(where)
        if family not in (socket.AF_INET, socket.AF_INET6) or not permitted(host, allowed):
            capture.refused = host
            return pycurl.SOCKET_BAD
        return socket.socket(family, kind, protocol)

    for option, value in _options(request).items():
        curl.setopt(option, value)
    curl.setopt(pycurl.OPENSOCKETFUNCTION, open_socket)
    curl.setopt(pycurl.WRITEFUNCTION, capture.write)
    curl.setopt(pycurl.HEADERFUNCTION, capture.header)
    return capture


def _options(request: Request) -> dict[int, Any]:
    options = {
        pycurl.URL: request.url,
        pycurl.NOSIGNAL: 1,
        pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
        pycurl.REDIR_PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
        pycurl.PROXY: "",  # the environment's proxies would connect in our place, past the guard
        pycurl.USERAGENT: USER_AGENT,
        pycurl.TIMEOUT_MS: int(request.timeout * 1000),
        pycurl.CONNECTTIMEOUT_MS: int(min(request.connect_timeout, request.timeout) * 1000),
        pycurl.FOLLOWLOCATION: 1 if request.follow else 0,
        pycurl.MAXREDIRS: request.follow,
        pycurl.FRESH_CONNECT: 1,
        pycurl.FORBID_REUSE: 1,
        pycurl.ACCEPT_ENCODING: "",
        pycurl.HTTPHEADER: [f"{name}: {value}" for name, value in request.headers.items()],
        pycurl.SSL_VERIFYPEER: 1 if request.verify else 0,
        pycurl.SSL_VERIFYHOST: 2 if request.verify else 0,
        pycurl.OPT_CERTINFO: 1 if request.cert_info else 0,
    }
    return options | _method(request)


def _method(request: Request) -> dict[int, Any]:
    if request.method == "HEAD":
        return {pycurl.NOBODY: 1}
    if request.body is None:
        return (
            {pycurl.CUSTOMREQUEST: request.method, pycurl.HTTPGET: 1}
            if request.method != "GET"
            else {pycurl.HTTPGET: 1}
        )
    return {
        pycurl.POST: 1,
        pycurl.CUSTOMREQUEST: request.method,
        pycurl.POSTFIELDSIZE: len(request.body),
        pycurl.COPYPOSTFIELDS: request.body,
    }
