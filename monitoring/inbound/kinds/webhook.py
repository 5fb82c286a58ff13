"""Any JSON: people say where in it each field stands, and the usual names are guessed until they do."""

from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.mapping import alert_of, guessed, items_of
from monitoring.inbound.parcels import Parcel, Reading, Unreadable


def read(parcel: Parcel) -> Reading:
    mapping = parcel.config.get("mapping") or guessed(parcel.json)
    items = items_of(mapping, parcel.json)
    if not items:
        raise Unreadable(f"There is nothing at {mapping['items']}, where alerts should stand.")
    return Reading([alert_of(mapping, item) for item in items])


SETUP = """# Any system that can post JSON:
POST {url}
Content-Type: application/json

{"title": "Disk is full", "status": "firing", "severity": "warning", "key": "disk-db1"}

# and when it is over, with the same key:
{"title": "Disk is full", "status": "resolved", "key": "disk-db1"}"""
EXAMPLE = '{"title":"A test of the console","status":"firing","severity":"info","key":"test"}'

kinds.register(
    "webhook",
    Kind(
        "webhook",
        "Any JSON",
        "Whatever can post JSON; you say where in it each field stands.",
        read,
        "/in/webhook/{key}",
        SETUP,
        EXAMPLE,
        order=40,
        mapped=True,
    ),
)
