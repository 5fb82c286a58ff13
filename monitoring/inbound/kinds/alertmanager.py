"""Prometheus' Alertmanager: its webhook, version 4; and what Prometheus itself sends to an Alertmanager."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.parcels import Heard, Parcel, Reading, Unreadable
from monitoring.inbound.wording import first, inside, level, link, moment, named, text, texts, unread

RESOLVE = timedelta(minutes=5)
"""An alert of Prometheus without an end is over when it is not sent again for so long, as with an Alertmanager."""


def read(parcel: Parcel) -> Reading:
    return v4(parcel) if isinstance(parcel.json, dict) else posted(parcel)


def v4(parcel: Parcel) -> Reading:
    """The webhook: a group of alerts, each with a state of its own."""
    alerts = parcel.object.get("alerts")
    if not isinstance(alerts, list):
        raise Unreadable("There is no list “alerts” in it, as webhooks of version 4 have.")
    note = truncated(parcel.object)
    beside = {"left out": note} if note else {}
    return Reading([_one(item, parcel.object, beside) for item in alerts], note=note)


def truncated(group: Mapping[str, Any]) -> str:
    """What the sender left out, as a sentence."""
    number = text(group.get("truncatedAlerts"))
    if not number.isdecimal() or int(number) == 0:
        return ""
    return f"The sender left out {number} more of this group: raise max_alerts there."


def _one(item: Any, group: Mapping[str, Any], beside: Mapping[str, str]) -> Heard:
    status = inside(item, "status") or group.get("status")
    labels = texts(inside(item, "labels"))
    if status not in ("firing", "resolved") or not (labels or inside(item, "fingerprint")):
        return unread(item, "It has no status “firing” or “resolved”, or neither labels nor fingerprint.")
    firing = status == "firing"
    notes = texts(inside(item, "annotations")) | extras(item) | dict(beside)
    return Heard(
        fingerprint=text(inside(item, "fingerprint"), 200) or named(labels),
        firing=firing,
        title=title(labels, notes),
        level=level(labels.get("severity") or labels.get("priority")),
        labels=labels,
        annotations=notes,
        url=link(inside(item, "generatorURL")) or link(group.get("externalURL")),
        at=moment(inside(item, "startsAt" if firing else "endsAt")),
    )


def title(labels: Mapping[str, str], notes: Mapping[str, str]) -> str:
    """What the rule says; else its name, and of whom. Grafana's alerts about a rule without data say what the rule would."""
    if (what := _BLIND.get(labels.get("alertname", ""))) and (rule := labels.get("rulename")):
        return f"{rule} {what}"
    where = first(labels.get("instance"), labels.get("service"), labels.get("job"))
    name = first(labels.get("alertname"), "An alert without a name")
    said = first(notes.get("summary"), notes.get("title"), notes.get("message"))
    return said or (f"{name} · {where}" if where else name)


_BLIND = {"DatasourceNoData": "has no data", "DatasourceError": "could not be evaluated"}
_EXTRAS = {
    "values": "values",
    "valueString": "value",
    "silenceURL": "silence it",
    "dashboardURL": "dashboard",
    "panelURL": "panel",
    "imageURL": "picture",
    "runbook_url": "runbook",
}


def extras(item: Any) -> dict[str, str]:
    """What Grafana adds to each alert, by the names that people read."""
    return {said: text(found) for name, said in _EXTRAS.items() if (found := inside(item, name))}


def posted(parcel: Parcel) -> Reading:
    """`POST /api/v2/alerts`: a list of alerts that goes on being sent while they last."""
    if not isinstance(parcel.json, list):
        raise Unreadable("Send a JSON array of alerts.")
    return Reading([_posted(item, parcel) for item in parcel.json])


def _posted(item: Any, parcel: Parcel) -> Heard:
    labels = texts(inside(item, "labels"))
    if not labels:
        return unread(item, "It has no labels, by which alerts are told apart.")
    starts, ends = moment(inside(item, "startsAt")), moment(inside(item, "endsAt"))
    firing = ends is None or ends > parcel.at
    notes = texts(inside(item, "annotations"))
    return Heard(
        fingerprint=named(labels),
        firing=firing,
        title=title(labels, notes),
        level=level(labels.get("severity") or labels.get("priority")),
        labels=labels,
        annotations=notes,
        url=link(inside(item, "generatorURL")),
        at=starts if firing else ends,
        expires_at=(ends or parcel.at + RESOLVE) if firing else None,
    )


SETUP = """# Alertmanager: alertmanager.yml
receivers:
  - name: ops-console
    webhook_configs:
      - url: {url}
        send_resolved: true
        max_alerts: 0

# or Prometheus without one: prometheus.yml
alerting:
  alertmanagers:
    - scheme: {scheme}
      path_prefix: {path}
      static_configs:
        - targets: ["{host}"]"""
EXAMPLE = (
    '{"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"TestAlert",'
    '"severity":"info"},"annotations":{"summary":"A test of the console"}}]}'
)

kinds.register(
    "alertmanager",
    Kind(
        "alertmanager",
        "Prometheus and Alertmanager",
        "Alerts of Prometheus, by way of an Alertmanager or without one.",
        read,
        "/in/alertmanager/{key}",
        SETUP,
        EXAMPLE,
        order=10,
        renews=lambda body: body.lstrip()[:1] == b"[",
    ),
)
