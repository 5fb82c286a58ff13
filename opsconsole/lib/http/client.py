"""A blocking call for webhooks and the dead-man's switch. Probes use the same handles in their own engine."""

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


def reason(code: int, detail: str) -> str:
    """libcurl's error in plain words, its own in brackets."""
    if "HTTP/0.9" in detail:  # what libcurl takes an answer without a status line for
        code = pycurl.E_FTP_WEIRD_SERVER_REPLY
    return (
        f"{_REASONS.get(code, 'The call failed')} ({detail})"
        if detail
        else _REASONS.get(code, "The call failed")
    )
