"""An HTTP(S) address that must answer: right status, right words, in time."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from monitoring.catalogue.states import Status
from monitoring.probes.kinds import KEPT_BODY, Answer, Config, Kind, Target, Verdict, kinds
from monitoring.probes.kinds.http_form import METHODS, HttpForm, facts
from opsconsole.lib.http import guard
from opsconsole.lib.http.easy import Request

DEFAULTS: Config = {
    "url": "",
    "method": "GET",
    "body": "",
    "expected_status": "200-299",
    "keyword_present": "",
    "keyword_absent": "",
    "follow_redirects": True,
    "verify_tls": True,
    "latency_degraded_ms": None,
    "latency_down_ms": None,
}
MOST_REDIRECTS = 10
LONGEST_BODY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes an answer good. `statuses` are closed ranges; limits are milliseconds."""

    statuses: tuple[tuple[int, int], ...] = ((200, 299),)
    expected: str = "200-299"
    present: bytes = b""
    absent: bytes = b""
    degraded_ms: float | None = None
    down_ms: float | None = None


def judge(rule: Rule, answer: Answer) -> Verdict:
    """A fault of ours is unknown; then whether it answered, what, and how fast."""
    if answer.ours:
        return Verdict(Status.UNKNOWN, answer.ours)
    if answer.error:
        return Verdict(Status.DOWN, answer.problem)
    if not any(low <= answer.code <= high for low, high in rule.statuses):
        return Verdict(Status.DOWN, f"It answered {answer.code}; expected is {rule.expected}.")
    return _words(rule, answer.body) or _speed(rule, answer.ms)


def _words(rule: Rule, body: bytes) -> Verdict | None:
    if rule.present and rule.present not in body:
        return Verdict(Status.DOWN, f"The answer does not contain “{rule.present.decode()}”.")
    if rule.absent and rule.absent in body:
        return Verdict(Status.DOWN, f"The answer contains “{rule.absent.decode()}”.")
    return None


_UP = Verdict(Status.UP)


def _speed(rule: Rule, ms: float) -> Verdict:
    if rule.down_ms is not None and ms > rule.down_ms:
        return Verdict(Status.DOWN, f"It took {ms:.0f} ms; more than {rule.down_ms:g} ms counts as down.")
    if rule.degraded_ms is not None and ms > rule.degraded_ms:
        return Verdict(Status.DEGRADED, f"It took {ms:.0f} ms; more than {rule.degraded_ms:g} ms is slow.")
    return _UP


def target(config: Config, secrets: Config, timeout: float) -> Target:
    given = DEFAULTS | config
    rule = Rule(
        ranges(given["expected_status"]),
        given["expected_status"],
        given["keyword_present"].encode(),
        given["keyword_absent"].encode(),
        given["latency_degraded_ms"],
        given["latency_down_ms"],
    )
    request = Request(
        url=given["url"],
        method=given["method"],
        headers=secrets.get("headers", {}),
        body=given["body"].encode() if given["body"] else None,
        timeout=timeout,
        connect_timeout=timeout,
        follow=MOST_REDIRECTS if given["follow_redirects"] else 0,
        limit=LONGEST_BODY,
        verify=given["verify_tls"],
    )
    keep = LONGEST_BODY if rule.present or rule.absent else KEPT_BODY
    return Target(request, partial(judge, rule), urlsplit(given["url"]).hostname or "", keep)


def ranges(text: str) -> tuple[tuple[int, int], ...]:
    """“200-299, 401” → ((200, 299), (401, 401)). Raises ValueError with a sentence."""
    found = []
    for part in text.replace(" ", "").split(","):
        match = re.fullmatch(r"([1-5]\d\d)(?:-([1-5]\d\d))?", part)
        if not match or int(match[2] or match[1]) < int(match[1]):
            raise ValueError(
                "Write status codes as ranges from 100 to 599, such as “200-299” or “200-299, 401”."
            )
        found.append((int(match[1]), int(match[2] or match[1])))
    return tuple(found)


def clean(config: Config, secrets: Config) -> tuple[Config, Config]:
    """Raises ValidationError with a sentence for each field that is wrong."""
    given = DEFAULTS | {key: value for key, value in config.items() if key in DEFAULTS}
    errors: dict[str, str] = {}
    for name, check in _CHECKS.items():
        try:
            given[name] = check(given[name])
        except (ValueError, guard.Refused) as error:
            errors[name] = str(error)
    headers = secrets.get("headers") or {}
    try:
        check_headers(headers)
    except ValueError as error:
        errors["headers"] = str(error)
    errors = errors or _contradictions(given)
    if errors:
        raise ValidationError(errors)
    return given, {"headers": headers} if headers else {}


def _contradictions(given: Config) -> dict[str, str]:
    """Fields that are right by themselves and wrong together."""
    found = {}
    slow, down = given["latency_degraded_ms"], given["latency_down_ms"]
    if slow is not None and down is not None and down <= slow:
        found["latency_down_ms"] = "Down must come later than slow; choose a larger number."
    if given["method"] == "HEAD" and (given["keyword_present"] or given["keyword_absent"]):
        found["method"] = (
            "An answer to HEAD has no body to look for words in; choose GET, or leave the words out."
        )
    return found


def check_url(value: Any) -> str:
    """Raises ValueError or guard.Refused with a sentence."""
    url = str(value or "").strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("This is not an address; write it like https://example.com/health.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(
            "Write the whole address with http:// or https://, such as https://example.com/health."
        )
    if len(url) > 2000 or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise ValueError("An address has no blanks and at most 2,000 characters.")
    if parts.username or parts.password:
        raise ValueError(
            "Leave name and password out of the address; give an Authorization header, which is kept encrypted."
        )
    found = guard.resolve(host, port or (443 if parts.scheme == "https" else 80))
    if found and not guard.is_own(url):
        guard.check(found, guard.networks(tuple(settings.OPSCONSOLE_ALLOWED_NETWORKS)), host)
    return url


def check_headers(headers: Any) -> None:
    """Raises ValueError with a sentence."""
    if not isinstance(headers, dict):
        raise ValueError("Write one header a line, as “Name: value”.")
    for name, value in headers.items():
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", str(name)):
            raise ValueError(f"“{name}” is not the name of a header; write one a line, as “Name: value”.")
        if re.search(r"[\r\n\x00]", str(value)):
            raise ValueError(f"The value of {name} spans several lines; write it on one.")


def _method(value: Any) -> str:
    method = str(value).upper()
    if method not in METHODS:
        raise ValueError(f"Choose one of {', '.join(METHODS)}.")
    return method


def _statuses(value: Any) -> str:
    text = re.sub(r"\s*,\s*", ", ", str(value).strip())
    ranges(text)
    return text


def _text(longest: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if len(str(value or "")) > longest:
            raise ValueError(f"At most {longest:,} characters.")
        return str(value or "")

    return check


def _limit(value: Any) -> int | None:
    if value in (None, ""):
        return None
    if not str(value).strip().isdecimal() or not 1 <= int(value) <= 600_000:
        raise ValueError("Write milliseconds from 1 to 600,000, or leave it empty.")
    return int(value)


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "url": check_url,
    "method": _method,
    "body": _text(65_536),
    "expected_status": _statuses,
    "keyword_present": _text(500),
    "keyword_absent": _text(500),
    "follow_redirects": bool,
    "verify_tls": bool,
    "latency_degraded_ms": _limit,
    "latency_down_ms": _limit,
}

kinds.register(
    "http",
    Kind(
        "http",
        "HTTP address",
        form=HttpForm,
        clean=clean,
        target=target,
        address=lambda config: str(config.get("url", "")),
        facts=facts,
        order=0,
    ),
)
