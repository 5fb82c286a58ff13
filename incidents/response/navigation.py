"""The rail's entry: how many are open, and how bad."""

from django.db.models import Count, Q

from incidents.response.models import Incident
from incidents.response.states import Severity, Status
from opsconsole.ui import nav
from opsconsole.ui.nav import Entry, register


def open_count() -> nav.Count | None:
    waiting = Q(severity__lte=Severity.P1, status=Status.OPEN)
    found = Incident.objects.live().aggregate(n=Count("pk"), waiting=Count("pk", filter=waiting))
    return (
        nav.Count(found["n"], "bad" if found["waiting"] else "look", f"{found['n']:,} open")
        if found["n"]
        else None
    )


register("incidents", Entry("Incidents", "response:list", 20, key="i", count=open_count))
