"""Evidence for checklists."""

from datetime import datetime

from django.urls import reverse

from incidents.postmortems.selectors import late_actions, late_drafts
from opsconsole.lib.figures import counted
from opsconsole.lib.phrases import listed
from opsconsole.measures.checks import Evidence, check
from opsconsole.measures.verdicts import Verdict


@check("postmortems.none_overdue", title="No postmortem and no action is late")
def none_overdue(now: datetime) -> Evidence:
    late = late_drafts(now).count()
    actions = late_actions(now).count()
    verdict = Verdict.BAD if late else Verdict.LOOK if actions else Verdict.OK
    parts = [counted(n, noun) for n, noun in ((late, "postmortem"), (actions, "action")) if n]
    said = f"Late: {listed(parts)}." if parts else "Every postmortem and every action is in time."
    value = f"{late + actions} late" if parts else "none late"
    return Evidence(verdict, value, said, reverse("postmortems:list"), now)
