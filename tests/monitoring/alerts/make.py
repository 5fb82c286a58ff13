"""Words about alerts for tests."""

from datetime import datetime, timedelta
from typing import Any

from monitoring.alerts.taking import alert_take
from tests.conftest import NOW


def word(
    firing: bool = True,
    minutes: float = 0,
    now: datetime | None = None,
    fingerprint: str = "a",
    **fields: Any,
) -> Any:
    """Said of a moment so many minutes after NOW, and heard then unless told otherwise."""
    at = NOW + timedelta(minutes=minutes)
    known: dict[str, Any] = {"source": "inbound:3", "title": "Disk full", "at": at, "now": now or at}
    return alert_take(fingerprint=fingerprint, firing=firing, **(known | fields))
