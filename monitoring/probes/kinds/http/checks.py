"""What may stand in the fields of an HTTP probe: each returns what is kept, or raises ValueError with a sentence."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from opsconsole.lib.http import guard

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MOST_REDIRECTS = 10
MOST_WORDS = 20
LONGEST_BODY = 65_536  # characters that are sent
LONGEST_HEADER = 8_000
# said wrong, a server waits for the rest until the time is over
_COUNTED = ("content-length", "transfer-encoding")


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
            "Leave name and password out of the address; write them under “Signing in”, where they are kept encrypted."
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
        if str(name).lower() in _COUNTED:
            raise ValueError(f"{name} follows from what is sent; leave it out.")
        if re.search(r"[\r\n\x00]", str(value)):
            raise ValueError(f"The value of {name} spans several lines; write it on one.")
        if len(str(name)) + len(str(value)) > LONGEST_HEADER:
            raise ValueError(
                f"“{str(name)[:60]}” is too long; a header has at most {LONGEST_HEADER:,} characters."
            )


def method(value: Any) -> str:
    given = str(value).upper()
    if given not in METHODS:
        raise ValueError(f"Choose one of {', '.join(METHODS)}.")
    return given


def statuses(value: Any) -> str:
    given = re.sub(r"\s*,\s*", ", ", str(value).strip())
    ranges(given)
    return given


def words(value: Any) -> str:
    """One a line; a line of blanks is none."""
    lines = [line for line in str(value or "").splitlines() if line.strip()]
    if len(lines) > MOST_WORDS or any(len(line) > 500 for line in lines):
        raise ValueError(f"At most {MOST_WORDS} lines, each of at most 500 characters.")
    return "\n".join(lines)


def redirects(value: Any) -> int:
    if not str(value).isdecimal() or int(value) > MOST_REDIRECTS:
        raise ValueError(f"Follow from 0 to {MOST_REDIRECTS} redirects.")
    return int(value)
