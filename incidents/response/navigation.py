"""The rail's entry: how many are open, and how bad."""

from incidents.response.models import Incident
from incidents.response.states import Severity, Status
from opsconsole.ui.nav import Count, Entry, register


def open_count() -> Count | None:
    rows = list(Incident.objects.live().values_list("severity", "status")[:100])
    waiting = any(severity <= Severity.P1 and status == Status.OPEN for severity, status in rows)
    return Count(len(rows), "bad" if waiting else "look", f"{len(rows)} open") if rows else None


register("incidents", Entry("Incidents", "response:list", 20, key="i", count=open_count))
