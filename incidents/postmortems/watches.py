"""What the auditor looks at: postmortems that should have been drafted, and reminders that did not go out."""

from datetime import datetime, timedelta

from django.db.models import Count, Min

from incidents.postmortems.models import Action, Postmortem
from incidents.response.models import Incident
from incidents.response.states import Status as IncidentStatus
from opsconsole.health.watches import Overdue, watch

LATE = timedelta(minutes=10)


@watch("postmortems.drafts")
def drafts(now: datetime) -> Overdue:
    rows = Incident.objects.filter(
        status=IncidentStatus.RESOLVED, postmortem_required=True, postmortem=None, resolved_at__lt=now - LATE
    )
    found = rows.aggregate(n=Count("pk"), oldest=Min("resolved_at"))
    return Overdue(found["n"], found["oldest"], "Postmortems that must be written have not been drafted.")


@watch("postmortems.reminders")
def reminders(now: datetime) -> Overdue:
    waiting = [model.objects.filter(remind_at__lt=now - LATE) for model in (Postmortem, Action)]
    found = [rows.aggregate(n=Count("pk"), oldest=Min("remind_at")) for rows in waiting]
    oldest = min((f["oldest"] for f in found if f["oldest"]), default=None)
    return Overdue(
        sum(f["n"] for f in found), oldest, "Late postmortems or actions, and nobody was reminded."
    )
