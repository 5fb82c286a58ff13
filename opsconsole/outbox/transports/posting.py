"""A transport that is one POST: a kind says what goes out, and what the provider means by its answer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from opsconsole.lib.http import hooks
from opsconsole.lib.http.client import Answer, CallFailed, call
from opsconsole.lib.http.easy import Request
from opsconsole.lib.http.guard import Refused
from opsconsole.outbox.transports.base import Outgoing, Receipt, Transport, TransportError

IN_ALL = 15.0  # seconds


@dataclass(frozen=True)
class Complaint:
    """Why an answer is no receipt. advice: what to do about it, in sentences."""

    advice: str = ""
    permanent: bool = False
    retry_after: float | None = None


class Posting(Transport):
    """`request` says what goes out; `complaint` whether the answer refuses it; `taken` what the receipt says."""

    is_brand = True

    def request(self, outgoing: Outgoing) -> Request:
        raise NotImplementedError

    def complaint(self, answer: Answer) -> Complaint | None:
        """None when it was taken. As it stands: 2xx takes, 410 wants no more, the rest may be mended."""
        if 200 <= answer.status < 300:
            return None
        return Complaint(permanent=answer.status == 410)

    def taken(self, answer: Answer) -> str:
        return f"answered {answer.status}{hooks.excerpt(answer.body)}"

    def send(self, outgoing: Outgoing) -> Receipt:
        secrets = self.secrets(outgoing.config)
        answer = asked(self.request(outgoing), secrets)
        complaint = self.complaint(answer)
        if complaint is None:
            return Receipt(self.taken(answer))
        raise self.refusal(answer, complaint, outgoing.at)

    def refusal(self, answer: Answer, complaint: Complaint, now: datetime) -> TransportError:
        said = f"{self.label} answered {answer.status}{hooks.excerpt(answer.body)}."
        wait = complaint.retry_after or pause(answer, now)
        words = f"{said} {complaint.advice}".strip()
        return TransportError(words, permanent=complaint.permanent, retry_after=wait)


def asked(request: Request, secrets: Sequence[str]) -> Answer:
    """The answer, with nothing of ours that is secret in it. Raises TransportError when there is none."""
    try:
        answer = call(request)
    except Refused as refused:
        raise TransportError(str(refused), permanent=True) from None
    except CallFailed as failure:
        raise TransportError(without(str(failure), secrets)) from None
    return replace(answer, body=without(answer.body.decode(errors="replace"), secrets).encode())


def without(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "…")
    return text


def pause(answer: Answer, now: datetime) -> float | None:
    """Seconds for which the provider wants to be left alone."""
    waits = answer.status in (429, 503)
    return hooks.retry_after(answer.headers.get("retry-after", ""), now) if waits else None


def seconds(wait: object) -> float | None:
    """How long to wait, from an answer that names a number of seconds; at most a day."""
    return min(float(wait), 86400) if isinstance(wait, int | float) and wait >= 0 else None


def said(answer: Answer) -> dict[str, Any]:
    """The object that an answer holds; empty for what is none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def posted(url: str, what: object, **headers: str) -> Request:
    """A POST of JSON. Headers are named as in Python: `Authorization="Bearer …"`."""
    body = json.dumps(what, ensure_ascii=False).encode()
    return _post(url, body, {"Content-Type": "application/json; charset=utf-8", **headers})


def form_posted(url: str, fields: dict[str, str | int], **headers: str) -> Request:
    return _post(
        url, urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded", **headers}
    )


def _post(url: str, body: bytes, headers: dict[str, str]) -> Request:
    # Without “Expect: 100-continue”, which some servers never answer.
    return Request(
        url, method="POST", body=body, headers={"Expect": "", **headers}, timeout=IN_ALL, limit=64 * 1024
    )
