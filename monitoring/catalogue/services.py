"""Writers of the catalogue."""

from datetime import datetime

from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.states import Status
from opsconsole.lib.nudges import nudge

SWEEP = "response.changes_consume"


def status_change_record(
    *,
    service_id: int,
    source: str,
    title: str,
    old: Status,
    new: Status,
    reason: str,
    at: datetime,
    noticed_at: datetime,
    evidence_url: str = "",
) -> StatusChange:
    """Record a change of state; call it in the transaction that writes the new state. It nudges whoever consumes changes."""
    nudge(SWEEP)
    return StatusChange.objects.create(
        service_id=service_id,
        source=source,
        title=title,
        old=old,
        new=new,
        reason=reason,
        at=at,
        noticed_at=noticed_at,
        evidence_url=evidence_url,
    )
