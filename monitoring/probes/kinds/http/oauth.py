"""Signing in by OAuth2 client credentials (RFC 6749, 4.4): what is asked of the token address, and what its answer means. Pure."""

import base64
import json
import math
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from monitoring.probes.kinds import Answer, Config, NoToken, SignIn, Token
from monitoring.probes.kinds.http.checks import check_url
from opsconsole.lib.http import guard
from opsconsole.lib.http.easy import Papers, Request
from opsconsole.lib.phrases import one_line

AUTH = {"header": "In a header (Basic)", "body": "In the body"}
FIELDS = ("token_url", "client_id", "scope", "audience")
LONGEST_WAIT = 4.0  # seconds; what a run's lease has to spare
LONGEST_ANSWER = 65_536  # bytes
LONGEST_TOKEN = 16_384
UNSAID = 300.0  # seconds that a token is kept which does not say how long it lasts
MARGIN = 30.0  # seconds before its end at which a token is fetched anew, or a quarter of its time
DAY = 86_400.0
SAID = 200


def complaints(given: Config, kept: Config) -> dict[str, str]:
    """What is wrong, by field."""
    wrong = {name: "At most 1,000 characters." for name in FIELDS[1:] if len(given[name]) > 1000}
    try:
        given["token_url"] = check_url(given["token_url"])
    except (ValueError, guard.Refused) as error:
        wrong["token_url"] = str(error)
    if not given["client_id"].strip():
        wrong["client_id"] = "Write the client's id, as the token address knows it."
    return wrong | ({} if kept.get("client_secret") else {"client_secret": "Write the client's secret."})


def sign_in(given: Config, secrets: Mapping[str, Any], papers: Papers) -> SignIn:
    """Where the token is fetched, under the same certificates as the address itself."""
    secret = secrets.get("client_secret") or ""
    names = (*FIELDS, "client_auth", "verify_tls")
    key = (*(given[name] for name in names), secret, papers)
    request = _request(given, secret, papers)
    return SignIn(key, request, urlsplit(given["token_url"]).hostname or "", partial(read, secret))


def _request(given: Config, secret: str, papers: Papers) -> Request:
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    fields = {"grant_type": "client_credentials", "scope": given["scope"], "audience": given["audience"]}
    if given["client_auth"] == "body":
        fields |= {"client_id": given["client_id"], "client_secret": secret}
    else:
        pair = f"{quote_plus(given['client_id'])}:{quote_plus(secret)}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    return Request(
        url=given["token_url"],
        method="POST",
        headers=headers,
        body=urlencode({name: value for name, value in fields.items() if value}).encode(),
        timeout=LONGEST_WAIT,
        connect_timeout=LONGEST_WAIT,
        limit=LONGEST_ANSWER,
        verify=given["verify_tls"],
        papers=papers,
    )


def read(secret: str, answer: Answer) -> Token:
    """The token in an answer. Raises NoToken with a sentence that quotes the answer, the secret left out."""
    if answer.ours or answer.error:
        raise NoToken(f"The token address was not reached: {answer.ours or answer.problem}")
    said = _object(answer.body)
    if not 200 <= answer.code < 300:
        raise NoToken(f"The token address answered {answer.code}{_why(said, secret)}.")
    kind = said.get("token_type") or "Bearer"
    if str(kind).lower() != "bearer":
        raise NoToken(f"The token address gave a token of the type “{_quoted(kind, secret)}”, not Bearer.")
    return Token(f"Bearer {_token(said, answer.code)}", _lasting(said.get("expires_in")))


def _token(said: dict[str, Any], code: int) -> str:
    token = said.get("access_token")
    if not isinstance(token, str) or not token:
        raise NoToken(f"The token address answered {code} without an access token in JSON.")
    if len(token) > LONGEST_TOKEN or not (token.isascii() and token.isprintable()) or " " in token:
        raise NoToken("The token address gave a token that no header can carry.")
    return token


def _object(body: bytes) -> dict[str, Any]:
    """{} for what is no object in JSON."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _why(said: dict[str, Any], secret: str) -> str:
    """“: invalid_client (Unknown client)”, as RFC 6749 has it; others call it otherwise."""
    quoted = (_quoted(said.get(name), secret) for name in ("error", "error_description", "message"))
    words = [text.rstrip(".") for text in quoted if text]
    return f": {words[0]}{f' ({words[1]})' if words[1:] else ''}" if words else ""


def _quoted(said: Any, secret: str) -> str:
    return one_line(said.replace(secret, "…") if secret else said)[:SAID] if isinstance(said, str) else ""


def _lasting(said: Any) -> float:
    """How long it is kept, in seconds: until shortly before its end; 0 for a time that makes no sense."""
    if said is None:
        return UNSAID
    try:
        seconds = float(said)
    except (ValueError, TypeError, OverflowError):
        return UNSAID
    return min(max(0.0, seconds - min(MARGIN, seconds / 4)), DAY) if math.isfinite(seconds) else UNSAID
