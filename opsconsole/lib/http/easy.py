"""One libcurl handle, set up safely: what every outgoing call has in common, probe or webhook."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NamedTuple

import pycurl

from opsconsole.lib.http.guard import Network, permitted
from opsconsole.lib.http.spelling import ascii_url

USER_AGENT = "OpsConsole/0.1"


class Papers(NamedTuple):
    """What TLS is given, in PEM: the certificate that we show with its key, and the authority that we trust instead of the usual."""

    certificate: bytes = b""
    key: bytes = b""
    authority: bytes = b""

    def __repr__(self) -> str:
        return "Papers(…)"  # keys stay out of logs


NO_PAPERS = Papers()
_BOTH = pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS


@dataclass
class Request:
    """What to ask. Times in seconds, sizes in bytes. `follow` is the number of redirects that are followed.

    From https they lead to https alone, unless `downgrade` allows http.
    """

    url: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    timeout: float = 10
    connect_timeout: float = 5
    follow: int = 0
    limit: int = 1024 * 1024
    verify: bool = True
    cert_info: bool = False
    downgrade: bool = False
    papers: Papers = NO_PAPERS
    hops: int = field(init=False, default=_BOTH)

    def __post_init__(self) -> None:
        self.url = ascii_url(self.url)
        if self.url[:6].lower() == "https:" and not self.downgrade:
            self.hops = pycurl.PROTO_HTTPS


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
        """Take one line. After a redirect, or a word of patience, those of the next answer count."""
        if line.startswith(b"HTTP/"):
            self.headers.clear()
        name, colon, value = line.decode("latin-1").partition(":")
        if colon and len(self.headers) < 200:
            self.headers[name.strip().lower()] = value.strip()


def prepare(curl: Any, request: Request, allowed: Sequence[Network]) -> Capture:
    """Set a fresh handle up for one request and return where its answer will be found."""
    capture = Capture(request.limit)

    def open_socket(_purpose: int, address: Any) -> Any:
        opened = open_permitted(address, lambda host: permitted(host, allowed))
        if opened is None:
            capture.refused = host_of(address)
        return opened or pycurl.SOCKET_BAD

    settle(curl)
    aim(curl, request)
    curl.setopt(pycurl.OPENSOCKETFUNCTION, open_socket)
    curl.setopt(pycurl.WRITEFUNCTION, capture.write)
    curl.setopt(pycurl.HEADERFUNCTION, capture.header)
    return capture


def host_of(address: Any) -> str:
    """The numeric address that libcurl is about to connect to."""
    where = address[3]
    return where[0] if isinstance(where, tuple) else str(where)


def open_permitted(address: Any, is_permitted: Callable[[str], bool]) -> socket.socket | None:
    """A socket for libcurl, or None for an address that the guard refuses and for anything but IP."""
    family, kind, protocol, _ = address
    if family not in (socket.AF_INET, socket.AF_INET6) or not is_permitted(host_of(address)):
        return None
    return socket.socket(family, kind, protocol)


_ALWAYS = {
    pycurl.NOSIGNAL: 1,
    pycurl.PROTOCOLS: _BOTH,
    pycurl.PROXY: "",  # the environment's proxies would connect in our place, past the guard
    pycurl.USERAGENT: USER_AGENT,
    pycurl.ACCEPT_ENCODING: "",
    # Every call is a fresh one: name, connection and handshake are part of what is asked.
    pycurl.FRESH_CONNECT: 1,
    pycurl.FORBID_REUSE: 1,
    pycurl.DNS_CACHE_TIMEOUT: 0,
    pycurl.SSL_SESSIONID_CACHE: 0,
    # CURLOPT_QUICK_EXIT, which pycurl has no name for: whoever gave up a call does not wait for the look-up of its name to end.
    322: 1,
}


def settle(curl: Any) -> None:
    """What holds for every call that a handle will ever make."""
    for option, value in _ALWAYS.items():
        curl.setopt(option, value)


def aim(curl: Any, request: Request) -> None:
    """Point a settled handle at a request, whatever it did before."""
    setopt = curl.setopt
    setopt(pycurl.URL, request.url)
    setopt(pycurl.TIMEOUT_MS, int(request.timeout * 1000))
    setopt(pycurl.CONNECTTIMEOUT_MS, int(min(request.connect_timeout, request.timeout) * 1000))
    setopt(pycurl.FOLLOWLOCATION, 1 if request.follow else 0)
    setopt(pycurl.MAXREDIRS, request.follow)
    setopt(pycurl.REDIR_PROTOCOLS, request.hops)
    setopt(pycurl.HTTPHEADER, [f"{name}: {value}".encode() for name, value in request.headers.items()])
    setopt(pycurl.SSL_VERIFYPEER, 1 if request.verify else 0)
    setopt(pycurl.SSL_VERIFYHOST, 2 if request.verify else 0)
    setopt(pycurl.OPT_CERTINFO, 1 if request.cert_info else 0)
    _show(curl, request.papers)
    _method(curl, request)


_BLOBS = (pycurl.SSLCERT_BLOB, pycurl.SSLKEY_BLOB, pycurl.CAINFO_BLOB)


def _show(curl: Any, papers: Papers) -> None:
    for option, blob in zip(_BLOBS, papers, strict=True):
        if blob:
            curl.setopt(option, blob)
        else:
            curl.unsetopt(option)


def _method(curl: Any, request: Request) -> None:
    curl.setopt(pycurl.HTTPGET, 1)
    curl.unsetopt(pycurl.CUSTOMREQUEST)
    if request.method == "HEAD":
        curl.setopt(pycurl.NOBODY, 1)
    elif request.body is not None:
        curl.setopt(pycurl.POST, 1)
        curl.setopt(pycurl.POSTFIELDSIZE, len(request.body))
        curl.setopt(pycurl.POSTFIELDS, request.body)  # takes zero bytes too, and keeps the body alive
    if request.method not in ("GET", "HEAD") or request.body is not None:
        curl.setopt(pycurl.CUSTOMREQUEST, request.method)
