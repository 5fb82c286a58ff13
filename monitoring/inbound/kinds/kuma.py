"""Uptime Kuma's webhook: one monitor went down or up, a certificate ends soon, or somebody pressed “Test”."""

from datetime import timedelta

from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.parcels import Heard, Parcel, Reading, Unreadable
from monitoring.inbound.wording import first, inside, link, moment, text
from opsconsole.lib.secrets import digest

_DOWN, _UP, _PENDING, _MAINTENANCE = 0, 1, 2, 3
_KNOWN = (_DOWN, _UP, _PENDING, _MAINTENANCE)
_SILENT = {_PENDING: "It is being tried again there.", _MAINTENANCE: "It is under maintenance there."}
SAID_FOR = timedelta(hours=24)
"""How long a message without a monitor stands, of which nobody will say that it is over."""


def read(parcel: Parcel) -> Reading:
    beat, monitor = parcel.object.get("heartbeat"), parcel.object.get("monitor")
    if not isinstance(beat, dict):
        return _message(parcel)
    status = beat.get("status")
    if not isinstance(status, int) or isinstance(status, bool) or status not in _KNOWN:
        raise Unreadable("The status of the heartbeat is none of 0 (down), 1 (up), 2 and 3.")
    if status in _SILENT:
        return Reading(note=_SILENT[status])
    name = first(inside(monitor, "name"), inside(monitor, "url"), "A monitor without a name")
    key = first(beat.get("monitorID"), beat.get("monitor_id"), inside(monitor, "id"), name)
    return Reading([_heard(parcel, beat, f"monitor:{key}", name)])


def _heard(parcel: Parcel, beat: dict[str, object], key: str, name: str) -> Heard:
    monitor = parcel.object.get("monitor")
    labels = {said: text(found) for said in ("type", "hostname") if (found := inside(monitor, said))}
    return Heard(
        fingerprint=key,
        firing=beat["status"] == _DOWN,
        title=f"{name} is down" if beat["status"] == _DOWN else f"{name} is up",
        labels=labels | {"monitor": name},
        annotations={"why": first(beat.get("msg"), parcel.object.get("msg"))},
        url=link(inside(monitor, "url")),
        at=moment(beat.get("time")),
    )


def _message(parcel: Parcel) -> Reading:
    """A text alone: a test says that it is one; a certificate that ends is an alert until somebody looks."""
    said = first(parcel.object.get("msg"))
    if not said:
        raise Unreadable("There is neither a heartbeat nor a message in it.")
    if said.lower().endswith("testing"):
        return Reading(note=f"A test: “{said[:200]}”.")
    heard = Heard(f"said:{digest(said)[:32]}", True, said, expires_at=parcel.at + SAID_FOR)
    return Reading([heard])


SETUP = """Settings → Notifications → Setup Notification
  Notification Type   Webhook
  Post URL            {url}
  Request Body        Preset - application/json"""
EXAMPLE = '{"heartbeat":null,"monitor":null,"msg":"Console Testing"}'

kinds.register(
    "kuma",
    Kind(
        "kuma",
        "Uptime Kuma",
        "Its monitors going down and up, and certificates that end.",
        read,
        "/in/kuma/{key}",
        SETUP,
        EXAMPLE,
        order=20,
    ),
)
