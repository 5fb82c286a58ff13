"""PagerDuty's Events API v2, and its change events: whatever speaks to PagerDuty speaks to us.

Which event came first is told by its arrival, as with PagerDuty: an end has no time of its own there, so that a beginning's could
not be compared with it. The time that the sender names stands beside the alert.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from monitoring.alerts.states import Level
from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.parcels import Heard, Parcel, Reading, Told, Unreadable
from monitoring.inbound.wording import dumped, first, inside, link, moment, text, texts

CHANGES = "/v2/change/enqueue"
_KEY = 32  # characters
_ACTIONS = ("trigger", "acknowledge", "resolve")
_LEVELS = {"critical": Level.P0, "error": Level.P1, "warning": Level.P2, "info": Level.P3}


def read(parcel: Parcel) -> Reading:
    if parcel.headers.get("path") == CHANGES:
        return change(parcel)
    event = parcel.object
    if wrong := complaints(event):
        raise Unreadable("Event object is invalid", wrong)
    return Reading([_heard(event, dedup_key(parcel))])


def complaints(event: Mapping[str, Any]) -> list[str]:
    """What is wrong with an event, in PagerDuty's words; nothing when it is valid."""
    action, said = event.get("event_action"), event.get("payload")
    if action not in _ACTIONS:
        return [_unfit("event_action", action, _ACTIONS)]
    key = event.get("dedup_key")
    wrong = [] if key is None or (isinstance(key, str) and len(key) <= 255) else [_TOO_LONG]
    if action != "trigger":
        return wrong + ([] if key else ["'dedup_key' is missing or blank"])
    if not isinstance(said, Mapping):
        return [*wrong, "'payload' is missing or blank"]
    wrong += [
        f"'payload.{name}' is missing or blank" for name in ("summary", "source") if not first(said.get(name))
    ]
    severity = said.get("severity")
    return wrong + ([] if text(severity) in _LEVELS else [_unfit("payload.severity", severity, _LEVELS)])


_TOO_LONG = "'dedup_key' must be a string of at most 255 characters"


def _unfit(name: str, given: Any, fit: Collection[str]) -> str:
    """In PagerDuty's words: “… (must be one of the following: 'a', 'b' or 'c')”."""
    if not first(given):
        return f"'{name}' is missing or blank"
    *others, last = [f"'{one}'" for one in fit]
    return f"'{name}' is invalid (must be one of the following: {', '.join(others)} or {last})"


def keyless(key: str) -> dict[str, Any]:
    """The answer to an event whose key opens nothing."""
    if not key:
        return refusal("Event object is invalid", ["'routing_key' is missing or blank"])
    if len(key) != _KEY:
        wrong = f"Length of 'routing_key' is incorrect (should be {_KEY} characters)"
        return refusal("Event object is invalid", [wrong])
    return refusal("Invalid routing key", ["Invalid routing key"])


def dedup_key(parcel: Parcel) -> str:
    """The sender's; else one of our own, the same whenever this very delivery is asked for."""
    return text(parcel.object.get("dedup_key"), 255) or uuid5(NAMESPACE_URL, f"inbound:{parcel.id}").hex


def _heard(event: Mapping[str, Any], key: str) -> Heard:
    said = event.get("payload") or {}
    names = ("source", "component", "group", "class")
    labels = {name: text(found) for name in names if (found := inside(said, name))}
    return Heard(
        fingerprint=key,
        firing=event["event_action"] == "trigger",
        acknowledged=event["event_action"] == "acknowledge",
        by=text(event.get("client"), 100),
        title=text(inside(said, "summary"), 1024),
        level=_LEVELS.get(text(inside(said, "severity"))),
        labels=labels,
        annotations=_beside(event, said),
        url=link(event.get("client_url")) or _links(event)[0],
    )


def _beside(event: Mapping[str, Any], said: Any) -> dict[str, str]:
    details = inside(said, "custom_details")
    notes = texts(details) if isinstance(details, Mapping) else {"details": text(details)}
    told = {"time": inside(said, "timestamp"), "client": event.get("client")}
    return {name: text(found) for name, found in (notes | told).items() if found}


def _links(event: Mapping[str, Any]) -> list[str]:
    found = event.get("links")
    hrefs = [link(inside(one, "href")) for one in found] if isinstance(found, list) else []
    return [href for href in hrefs if href] or [""]


def change(parcel: Parcel) -> Reading:
    """A change event: a deploy, or whatever its summary says it is."""
    event, said = parcel.object, parcel.object.get("payload")
    summary = first(inside(said, "summary"))
    if not summary:
        raise Unreadable("Change event object is invalid", ["'payload.summary' is missing or blank"])
    details = inside(said, "custom_details")
    told = Told(
        key=str(parcel.id),
        summary=summary,
        kind=kind_of(summary, inside(details, "kind")),
        author=first(inside(details, "author"), inside(details, "user"), inside(details, "deployed_by")),
        source=first(inside(said, "source"), parcel.sender),
        url=_links(event)[0],
        details=dumped(details) if details else "",
        at=moment(inside(said, "timestamp")),
    )
    return Reading(changes=[told])


_KINDS = {
    "migration": r"\b(migrat\w*|schema|alembic|flyway)\b",
    "flag": r"\b(feature[- ]?flag|flag|toggle)\b",
    "config": r"\b(config\w*|setting\w*|terraform|dns|firewall)\b",
}


def kind_of(summary: str, named: Any = None) -> str:
    """What kind of change it is, by its own word or by its summary; a deploy unless either says otherwise."""
    if text(named) in ("deploy", *_KINDS, "other"):
        return text(named)
    return next((kind for kind, words in _KINDS.items() if re.search(words, summary, re.I)), "deploy")


def answer(parcel: Parcel, reading: Reading) -> dict[str, Any]:
    if reading.changes:
        return {"status": "success", "message": "Change event processed"}
    return {"status": "success", "message": "Event processed", "dedup_key": dedup_key(parcel)}


def refusal(sentence: str, errors: list[str]) -> dict[str, Any]:
    return {"status": "invalid event", "message": sentence, "errors": errors}


SETUP = """# Wherever a tool asks for them:
Routing key (integration key)   {key}
Events API URL                  {base}/v2/enqueue
Change events URL               {base}/v2/change/enqueue"""
EXAMPLE = (
    '{"routing_key":"{key}","event_action":"trigger","dedup_key":"test",'
    '"payload":{"summary":"A test of the console","source":"curl","severity":"info"}}'
)

kinds.register(
    "pagerduty",
    Kind(
        "pagerduty",
        "PagerDuty Events v2",
        "Whatever can send to PagerDuty, and deploys by change events.",
        read,
        "/v2/enqueue",
        SETUP,
        EXAMPLE,
        order=12,
        headers=("path",),
        status=202,
        brings="alerts, changes",
        answer=answer,
        refusal=refusal,
    ),
)
