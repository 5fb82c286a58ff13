"""What a log may hold: no address whose path is a secret, and no traceback for what a visitor did wrong."""

import logging
import re
from typing import Any

_SECRET = re.compile(r"(/a/|/password/set/[^/\s]+/|/ping/|/in/[a-z0-9_-]+/|[?&]key=)[^/\s?&]+")


def discreet(text: str) -> str:
    """Paths of links in messages, of links that set a password, of jobs and of other systems, without what makes them open a door."""
    return _SECRET.sub(r"\1…", text)


class Discreet(logging.Filter):
    """Writes a record as it may stand in a log. Django names the answer's `status_code`; below 500 the fault was not ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(_said(record)), ()
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        elif record.exc_info:
            record.exc_text = discreet(_LINES.formatException(record.exc_info))
        return True


def _said(record: logging.LogRecord) -> str:
    """A filter that raises would take whoever logs along: what does not fit together is written side by side."""
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return f"{record.msg} {record.args}"


_LINES = logging.Formatter()
NOT_FOR_SENTRY: dict[str, Any] = {"include_local_variables": False, "max_request_body_size": "never"}
"""What is not reported at all: what somebody typed, passwords among it, and the values at hand where it broke."""


def for_sentry(event: Any, _hint: Any) -> Any:
    """Every text of a report as it may stand in a log: the address is in the request, in headers and in what went before."""
    if isinstance(event, str):
        return discreet(event)
    if isinstance(event, dict):
        return {name: for_sentry(value, _hint) for name, value in event.items()}
    return [for_sentry(value, _hint) for value in event] if isinstance(event, list | tuple) else event
