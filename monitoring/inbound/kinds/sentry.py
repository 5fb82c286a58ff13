"""Sentry's webhooks of an internal integration: issues, alert rules on issues, and metric alerts; and its older plug-in's.

The address of the issue and of the session's replay are kept with the alert.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from monitoring.alerts.states import Level
from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.parcels import Heard, Issue, Parcel, Reading, Unreadable
from monitoring.inbound.signatures import check_hmac
from monitoring.inbound.wording import first, inside, level, link, moment, text

RESOURCE, SIGNATURE, REQUEST = "sentry-hook-resource", "sentry-hook-signature", "request-id"
QUIET_FOR = timedelta(days=7)
"""An issue of which nothing is heard for so long is over here; Sentry does not tell of each that falls silent."""
_LEVELS = {
    "fatal": Level.P1,
    "error": Level.P2,
    "warning": Level.P3,
    "info": Level.P3,
    "debug": Level.P3,
    "sample": Level.P3,
}
_OVER = ("resolved", "archived", "ignored")


def read(parcel: Parcel) -> Reading:
    check_hmac(parcel, SIGNATURE)
    resource = parcel.headers.get(RESOURCE, "")
    reader = _READERS.get(resource)
    if reader:
        return reader(parcel)
    if not resource and isinstance(parcel.object.get("event"), dict):
        return older(parcel)
    if not resource:
        raise Unreadable("The header Sentry-Hook-Resource is missing, which says what this is.")
    return Reading(note=f"“{resource}” concerns no alert.")


def issue(parcel: Parcel) -> Reading:
    """created, unresolved, resolved, archived, assigned: the issue is listed, and fires until it is dealt with."""
    action, found = text(parcel.object.get("action")), inside(parcel.object, "data", "issue")
    if not isinstance(found, Mapping) or not first(found.get("id")):
        raise Unreadable("There is no issue with an id at data.issue.")
    row = issue_of(found, status=action if action in _OVER else "")
    if action == "assigned":
        return Reading(issues=[row], note="It is assigned to somebody there.")
    over = action in _OVER
    at = (
        moment(found.get("firstSeen")) if action == "created" else None
    )  # of nothing else Sentry tells when it was done
    return Reading([_alert(parcel, row, over=over, at=at, why=action)], issues=[row])


def event_alert(parcel: Parcel) -> Reading:
    """A rule on issues was met by an event."""
    return _happened(parcel, "event", first(inside(parcel.object, "data", "triggered_rule")))


def error(parcel: Parcel) -> Reading:
    """Each error as it happens, without a rule."""
    return _happened(parcel, "error", "")


def _happened(parcel: Parcel, name: str, why: str) -> Reading:
    event = inside(parcel.object, "data", name)
    if not isinstance(event, Mapping):
        raise Unreadable(f"There is no event at data.{name}.")
    row = issue_of_event(event)
    return Reading([_alert(parcel, row, over=False, at=None, why=why)], issues=[row])


def metric_alert(parcel: Parcel) -> Reading:
    """critical, warning, or resolved."""
    data, action = inside(parcel.object, "data"), text(parcel.object.get("action"))
    alert = inside(data, "metric_alert")
    key = first(inside(alert, "id"), inside(alert, "identifier"))
    if not key or action not in ("critical", "warning", "resolved", "open"):
        raise Unreadable(
            "There is no metric alert with an id, or its action is none of critical, warning, resolved."
        )
    over = action == "resolved"
    heard = Heard(
        fingerprint=f"metric:{key}",
        firing=not over,
        title=first(
            inside(data, "description_title"),
            inside(alert, "title"),
            inside(alert, "alert_rule", "name"),
            key,
        ),
        level=level(action),
        annotations={"why": first(inside(data, "description_text"))},
        url=link(inside(data, "web_url")),
        at=moment(inside(alert, "date_closed" if over else "date_started")),
    )
    return Reading([heard])


def older(parcel: Parcel) -> Reading:
    """The plug-in “WebHooks” of former years: one event."""
    said, event = parcel.object, parcel.object["event"]
    row = issue_of_event(
        {
            **event,
            "issue_id": said.get("id"),
            "web_url": said.get("url"),
            "title": first(event.get("title"), said.get("message")),
        }
    )
    return Reading([_alert(parcel, row, over=False, at=None, why="")], issues=[row])


_READERS: dict[str, Callable[[Parcel], Reading]] = {
    "issue": issue,
    "event_alert": event_alert,
    "error": error,
    "metric_alert": metric_alert,
}


def issue_of(found: Mapping[str, Any], status: str = "") -> Issue:
    """An issue as its own webhook has it, with its counts."""
    return Issue(
        key=first(found.get("id")),
        name=first(found.get("shortId")),
        title=first(found.get("title"), inside(found, "metadata", "value"), "An issue without a title"),
        place=first(found.get("culprit")),
        level=first(found.get("level")),
        status=status or first(found.get("status")),
        project=first(inside(found, "project", "slug"), inside(found, "project", "name")),
        release=first(inside(found, "lastRelease", "version")),
        url=link(found.get("web_url")) or link(found.get("permalink")),
        count=_number(found.get("count")),
        users=_number(found.get("userCount")),
        first_at=moment(found.get("firstSeen")),
        last_at=moment(found.get("lastSeen")),
    )


def issue_of_event(event: Mapping[str, Any]) -> Issue:
    """What one event tells of its issue: it happened, where, and in which session."""
    url = link(event.get("web_url"))
    issue, of_issue, _ = url.partition("/events/")
    return Issue(
        key=first(event.get("issue_id"), event.get("groupID"), event.get("event_id")),
        title=first(event.get("title"), event.get("message"), "An event without a title"),
        place=first(event.get("culprit"), event.get("transaction")),
        level=first(event.get("level")),
        project=first(event.get("project_slug"), event.get("project_name")),
        release=first(event.get("release"), _tagged(event, "release")),
        url=f"{issue}/" if of_issue else url,
        replay=replay_of(event, url),
        last_at=moment(event.get("datetime")) or moment(event.get("timestamp")),
    )


def replay_of(event: Mapping[str, Any], url: str) -> str:
    """The address of the replay of the session in which it happened; “” where there is none."""
    found = first(inside(event, "contexts", "replay", "replay_id"), _tagged(event, "replayId"))
    home, split, _ = url.partition("/issues/")
    return f"{home}/replays/{found}/" if found.isalnum() and split else ""


def _tagged(event: Mapping[str, Any], wanted: str) -> Any:
    """The value of a tag, each of which is a list of its name and its value; None without it."""
    tags = event.get("tags")
    pairs = [
        tag
        for tag in (tags if isinstance(tags, list) else [])
        if isinstance(tag, list | tuple) and len(tag) == 2
    ]
    return next((value for name, value in pairs if name == wanted), None)


def _number(value: Any) -> int | None:
    said = text(value, 18)
    return int(said) if said.isdecimal() else None


def _alert(parcel: Parcel, row: Issue, *, over: bool, at: datetime | None, why: str) -> Heard:
    notes = {"where": row.place, "why": why, "project": row.project, "replay": row.replay}
    return Heard(
        fingerprint=f"issue:{row.key}",
        firing=not over,
        title=row.title,
        level=_LEVELS.get(row.level),
        labels={"project": row.project} if row.project else {},
        annotations={name: said for name, said in notes.items() if said},
        url=row.url,
        at=at,
        expires_at=None if over else max(at or parcel.at, parcel.at) + QUIET_FOR,
    )


SETUP = """Settings → Developer Settings → Create New Integration → Internal
  Webhook URL       {url}
  Alert Rule Action on
  Permissions       Issue & Event: Read
  Webhooks          issue

Copy its Client Secret to this console, then every call is verified."""
EXAMPLE = (
    '{"event":{"title":"A test of the console","level":"debug","event_id":"test"},'
    '"id":"test","url":"https://sentry.example.com/issues/test/"}'
)

kinds.register(
    "sentry",
    Kind(
        "sentry",
        "Sentry",
        "New errors, alert rules and metric alerts, with links to issue and replay.",
        read,
        "/in/sentry/{key}",
        SETUP,
        EXAMPLE,
        order=21,
        headers=(RESOURCE, SIGNATURE, REQUEST),
        identity=lambda parcel: parcel.headers.get(REQUEST, ""),
        signed_by="Client Secret",
        brings="alerts, errors",
    ),
)
