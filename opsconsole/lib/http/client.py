"""A blocking call for webhooks and the dead-man's switch. Probes use the same handles in their own engine."""

import re
from dataclasses import dataclass

import pycurl
from django.conf import settings

from opsconsole.lib.http.easy import Request, prepare
from opsconsole.lib.http.guard import Refused, networks, refusal


class CallFailed(Exception):
    """No answer: DNS, connection, TLS or time-out. The message says which in plain words."""


@dataclass(frozen=True)
class Answer:
    """status, body (capped), headers by lower-case name, milliseconds in all."""

    status: int
    body: bytes
    headers: dict[str, str]
    ms: float


def call(request: Request) -> Answer:
    """Raises Refused (private address) or CallFailed."""
    curl = pycurl.Curl()
    try:
        capture = prepare(curl, request, networks(tuple(settings.OPSCONSOLE_ALLOWED_NETWORKS)))
        curl.perform()
    except pycurl.error as error:
        if capture.refused:
            raise Refused(refusal(capture.refused)) from None
        if not capture.truncated:
            raise CallFailed(reason(error.args[0], error.args[1])) from None
    finally:
        status, seconds = curl.getinfo(pycurl.RESPONSE_CODE), curl.getinfo(pycurl.TOTAL_TIME)
        curl.close()
    return Answer(status, capture.body.getvalue(), capture.headers, seconds * 1000)


_REASONS = {
    pycurl.E_COULDNT_RESOLVE_HOST: "The host name has no address",
    pycurl.E_COULDNT_CONNECT: "Nothing accepts connections there",
    pycurl.E_OPERATION_TIMEDOUT: "No complete answer in time",
    pycurl.E_SSL_CONNECT_ERROR: "The TLS handshake failed",
    pycurl.E_PEER_FAILED_VERIFICATION: "The certificate is not trusted",
    pycurl.E_GOT_NOTHING: "The server closed the connection without an answer",
    pycurl.E_RECV_ERROR: "The connection broke while reading",
    pycurl.E_SEND_ERROR: "The connection broke while sending",
    pycurl.E_TOO_MANY_REDIRECTS: "Too many redirects",
    pycurl.E_URL_MALFORMAT: "The address is malformed",
    pycurl.E_UNSUPPORTED_PROTOCOL: "Only http and https addresses are called",
    pycurl.E_FTP_WEIRD_SERVER_REPLY: "The answer is not HTTP",
    pycurl.E_PARTIAL_FILE: "The answer broke off before its end",
}


_PLACE = re.compile(r"Failed to connect to (\S+(?: port \d+)?) ")


def reason(code: int, detail: str) -> str:
    """libcurl's error in plain words; its own in brackets where they tell more."""
    if "HTTP/0.9" in detail:  # what libcurl takes an answer without a status line for
        code = pycurl.E_FTP_WEIRD_SERVER_REPLY
    if "Too large response headers" in detail:  # libcurl takes it for a broken connection, and counts bytes
        return "The headers of the answer do not end within 300 KB"
    if code == pycurl.E_UNSUPPORTED_PROTOCOL and 'Protocol "http" ' in detail:
        return "It leads from https to http, which is not followed"
    if code == pycurl.E_COULDNT_CONNECT and (place := _PLACE.search(detail)):
        return f"Nothing accepts connections at {place[1].replace(' port ', ':')}"
    if code == pycurl.E_COULDNT_RESOLVE_HOST and (host := detail.rpartition(": ")[2]):
        return f"The host name {host} has no address"
    said = _REASONS.get(code, "The call failed")
    return f"{said} ({detail})" if detail else said
