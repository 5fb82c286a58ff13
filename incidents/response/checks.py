"""Evidence for checklists."""

from datetime import datetime

from django.urls import reverse

from incidents.response.selectors import live
from incidents.response.states import Severity, Status
from opsconsole.measures.checks import Evidence, check
from opsconsole.measures.verdicts import Verdict


@check("incidents.none_open", title="No incident is open")
def none_open(now: datetime) -> Evidence:
    rows = list(live().filter(is_drill=False)[:100])
    url = reverse("response:list")
    if not rows:
        return Evidence(Verdict.OK, "none", "No incident is open.", url, now)
    grave = [i for i in rows if i.severity <= Severity.P1 or i.status == Status.OPEN]
    first = rows[0]
    detail = f"{first} {first.title}" + (f", and {len(rows) - 1} more" if len(rows) > 1 else "") + "."
    return Evidence(Verdict.BAD if grave else Verdict.LOOK, f"{len(rows)} open", detail, url, now)
