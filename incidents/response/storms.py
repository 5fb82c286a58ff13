"""Very much fails at once: one incident that lists all, and for a person one message.

Pages of what the console opened wait a moment. When a storm is recognised in that time, its page takes their place.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.text import Truncator

from incidents.response.finding import young
from incidents.response.models import Incident, PageReason
from incidents.response.paging import page_out, pages_hold, pages_withdraw
from incidents.response.services import incident_merge
from incidents.response.states import Status
from incidents.response.writing import keep, tell
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.phrases import listed

NAMED = 3  # in a title
GATHER_FROM = 20  # a storm of more is one incident, also of what had opened before it was one


def storm_call(head: Incident, what: str, now: datetime) -> None:
    """Another thing joins the storm's first incident: said aloud once, and so that nothing else of it is said before."""
    head.refresh_from_db()  # its severity may have been raised by what joined
    was = head.title
    _name(head)
    if tell(head, "storm", SYSTEM, now, key="storm", was=was):
        due = pages_withdraw(young(now), now)
        detail = f"{what}; all are listed on its page."
        event, level = f"incident.storm:{head.pk}", head.get_severity_display()
        page_out(head, PageReason.JOINED, event=event, now=now, what=level, detail=detail)
        pages_hold(head, now, until=due)
    if head.affected.count() > GATHER_FROM and _gather(head, now):
        head.refresh_from_db()
        _name(head)


def _name(head: Incident) -> None:
    """The title says all that fails, and no longer what happened to fail first. Of alerts without a service, groups count."""
    services = list(head.affected.values_list("name", flat=True))
    groups = head.alerts.filter(service=None).order_by("group").values_list("group__title", flat=True)
    title = storm_title(services, list(groups.distinct()))
    if title not in ("", head.title):
        head.title = title
        keep(head)


def storm_title(services: Sequence[str], alerts: Sequence[str]) -> str:
    """“12 services are failing: Shop, Search, Mail and 9 more”; nothing while it is one thing."""
    names = [Truncator(name).chars(36) for name in (*services, *alerts)]
    what = "things" if alerts else "services"
    return f"{len(names):,} {what} are failing: {listed(names, NAMED)}" if len(names) > 1 else ""


def fold(rows: Collection[Incident], into: Incident, now: datetime) -> None:
    """What failed first is part of what it depends on; messages that have not gone out are said by that one's."""
    if rows:
        pages_withdraw(rows, now)
    for row in rows:
        incident_merge(actor=SYSTEM, incident=row, into=into, now=now)


def _gather(head: Incident, now: datetime) -> bool:
    """What opened before anybody could know that it was a storm becomes part of it, unless somebody works on it. Whether
    anything did."""
    rows = list(young(now).filter(status=Status.OPEN).exclude(pk=head.pk))
    for row in rows:
        incident_merge(actor=SYSTEM, incident=row, into=head, now=now)
    return bool(rows)
