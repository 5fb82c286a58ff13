"""Fetching over HTTP for sources: by the guarded client, with failures in plain words."""

import json
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms

from monitoring.metrics.samples import LARGEST as LARGEST_VALUE
from monitoring.metrics.sources import SourceFailed
from opsconsole.lib.http.client import Answer, CallFailed, call
from opsconsole.lib.http.easy import Request
from opsconsole.lib.http.guard import Refused

LARGEST = 8_000_000
TIMEOUT = 10.0
_SHOWN = 200
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def fetch(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    query: Mapping[str, Any] | None = None,
) -> Answer:
    """A good answer (2xx). Raises SourceFailed with a sentence."""
    whole = f"{url}{'&' if '?' in url else '?'}{urlencode(query)}" if query else url
    sent = {name: value for name, value in (headers or {}).items() if value}
    request = Request(
        whole,
        "GET" if body is None else "POST",
        sent,
        body,
        timeout=TIMEOUT,
        limit=LARGEST,
        follow=2 if sent.keys() <= {"Accept"} else 0,  # what else is sent may be secret
    )
    try:
        answer = call(request)
    except (CallFailed, Refused) as error:
        raise SourceFailed(f"{str(error).rstrip('.')}.") from None
    if not 200 <= answer.status < 300:
        raise SourceFailed(f"{urlsplit(url).hostname} answered {_status(answer.status)}{_said(answer.body)}")
    if len(answer.body) >= LARGEST:
        raise SourceFailed(f"The answer is larger than {LARGEST:,} bytes.")
    return answer


def fetch_json(url: str, **more: Any) -> Any:
    """Raises SourceFailed."""
    return loaded(fetch(url, **more).body)


def loaded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise SourceFailed(f"The answer is no JSON{_said(body)}") from None


def text_of(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SourceFailed("The answer is no text in UTF-8.") from None


def number(value: Any, what: str) -> float:
    """A number, or a text that is one. Raises SourceFailed."""
    try:
        found = float(value)
        if abs(found) <= LARGEST_VALUE:
            return found
        if math.isfinite(found):
            raise SourceFailed(f"{what} is {found:g}, which is more than can be kept.")
    except (TypeError, ValueError, OverflowError):
        pass
    said = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    raise SourceFailed(f"{what} is no number: “{said[:80]}”.")


def whole_url(url: str) -> str:
    """Raises a ValidationError for what cannot be called."""
    try:
        parts = urlsplit(url.strip())
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that do not close, a port beyond all
        is_web = False
    if not is_web:
        raise forms.ValidationError("Write the whole address, such as https://shop.example.com/metrics.")
    if parts.username or parts.password:
        raise forms.ValidationError(
            "Leave name and password out of the address: give them below, where they are kept secret."
        )
    return url.strip()


def url_field(label: str, help_text: str = "", placeholder: str = "") -> forms.CharField:
    widget = forms.TextInput(
        {"inputmode": "url", "placeholder": placeholder, "spellcheck": "false", "autocomplete": "off"}
    )
    return UrlField(max_length=2000, label=label, help_text=help_text, widget=widget)


class UrlField(forms.CharField):
    def clean(self, value: Any) -> Any:
        return whole_url(str(super().clean(value)))


def _status(code: int) -> str:
    return f"{code} {_PHRASES.get(code, '')}".strip()


def _said(body: bytes) -> str:
    text = " ".join(body[:2000].decode("utf-8", "replace").split())[:_SHOWN]
    return f": “{text}”." if text else "."
