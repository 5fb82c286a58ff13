"""What a log may hold: no address whose path is a secret, and no traceback for what a visitor did wrong."""

import logging
import re
from typing import Any

_SECRET = re.compile(r"(/a/|/password/set/[^/\s]+/|/ping/)[^/\s?]+")


def discreet(text: str) -> str:
    """Paths of links in messages, of links that set a password, and of jobs, without what makes them open a door."""
    return _SECRET.sub(r"\1…", text)


class Discreet(logging.Filter):
    """Writes a record as it may stand in a log. Django names the answer's `status_code`; below 500 the fault was not ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(record.getMessage()), ()
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True


def for_sentry(event: Any, _hint: Any) -> Any:
    """The same for an error that is reported: its request carries the address."""
    request = event.get("request") or {}
    if "url" in request:
        request["url"] = discreet(request["url"])
    return event
