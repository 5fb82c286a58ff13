"""Very much fails at once: one incident that lists all, and for a person one message.

Pages of what the console opened wait a moment. When a storm is recognised in that time, its page takes their place.
"""

from collections.abc import Collection
from datetime import datetime

from incidents.response.finding import young
from incidents.response.models import Incident, PageReason
from incidents.response.paging import page_out, pages_hold, pages_withdraw
from incidents.response.services import incident_merge
from incidents.response.states import Status
from incidents.response.writing import tell
from opsconsole.accounts.roles import SYSTEM

GATHER_FROM = 20  # a storm of more is one incident, also of what had opened before it was one


def storm_call(head: Incident, what: str, now: datetime) -> None:
    """Another thing joins the storm's first incident: said aloud once, and so that nothing else of it is said before."""
    if tell(head, "storm", SYSTEM, now, key="storm"):
        due = pages_withdraw(young(now), now)
        detail = f"{what}; all are listed on its page."
        event = f"incident.storm:{head.pk}"
        page_out(head, PageReason.JOINED, event=event, now=now, what="Several services fail", detail=detail)
        pages_hold(head, now, until=due)
    if head.affected.count() > GATHER_FROM:
        _gather(head, now)


def fold(rows: Collection[Incident], into: Incident, now: datetime) -> None:
    """What failed first is part of what it depends on; messages that have not gone out are said by that one's."""
    if rows:
        pages_withdraw(rows, now)
    for row in rows:
        incident_merge(actor=SYSTEM, incident=row, into=into, now=now)


def _gather(head: Incident, now: datetime) -> None:
    """What opened before anybody could know that it was a storm becomes part of it, unless somebody works on it."""
    for row in young(now).filter(status=Status.OPEN).exclude(pk=head.pk):
        incident_merge(actor=SYSTEM, incident=row, into=head, now=now)
