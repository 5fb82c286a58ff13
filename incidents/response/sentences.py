"""Sentences that say how incidents stand."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from incidents.response.models import Incident
from incidents.response.selectors import MOST, signature
from incidents.response.states import Status
from opsconsole.lib.durations import rough
from opsconsole.lib.phrases import listed
from opsconsole.ui.templatetags.ui import said


def at(moment: datetime | None, now: datetime) -> str:
    """“03:12 CET”, with the date when it is not today's."""
    if moment is None:
        return "–"
    local = timezone.localtime(moment)
    same_day = local.date() == timezone.localtime(now).date()
    return said(local, "time" if same_day else "short")


def standing(incident: Incident, now: datetime) -> str:
    """How it stands, in one sentence."""
    match Status(incident.status):
        case Status.OPEN if incident.mitigated_at:
            return f"Everything is up again since {at(incident.mitigated_at, now)}; nobody has acknowledged."
        case Status.OPEN:
            return f"For {rough(now - incident.impact_start)}, and nobody has acknowledged yet."
        case Status.ACKNOWLEDGED if incident.mitigated_at:
            return f"Everything is up again since {at(incident.mitigated_at, now)}. Resolve?"
        case Status.ACKNOWLEDGED:
            who = signature(incident, "acknowledged")
            return f"{who} acknowledged at {at(incident.acknowledged_at, now)}."
        case Status.RESOLVED:
            return _resolved(incident, now)
        case _:
            return f"Merged into {incident.merged_into}."


def _resolved(incident: Incident, now: datetime) -> str:
    assert incident.resolved_at
    took = rough(incident.resolved_at - incident.detected_at)
    if incident.resolved_by_machine:
        return f"It was up again after {took}, before anybody acknowledged; the console resolved it."
    who = signature(incident, "resolved")
    said = f"Resolved by {who} at {at(incident.resolved_at, now)}, after {took}."
    if incident.mitigated_at and incident.mitigated_at > incident.resolved_at:
        said += f" It was up again only at {at(incident.mitigated_at, now)}."
    return said


def resolved(incident: Incident, still: Sequence[str]) -> str:
    """What to say to whoever resolved it: also that not everything is up, which resolving does not change."""
    if not still:
        return f"{incident} is resolved."
    return (
        f"{incident} is resolved, though {listed(still, 3)} {'is' if len(still) == 1 else 'are'} not up yet."
    )


def already(incident: Incident, now: datetime) -> str:
    """Why there is nothing to do: “Already acknowledged by Ana at 03:12 CET.”"""
    match Status(incident.status):
        case Status.ACKNOWLEDGED:
            return f"Already acknowledged by {signature(incident, 'acknowledged')} at {at(incident.acknowledged_at, now)}."
        case Status.RESOLVED:
            return (
                f"Already resolved by {signature(incident, 'resolved')} at {at(incident.resolved_at, now)}."
            )
        case Status.MERGED:
            return f"It was merged into {incident.merged_into}; work there."
        case _:
            return "It is open already."


def board(live: Sequence[Incident], last: Incident | None, now: datetime) -> str:
    """The heading of the list: what is true now. Of `live`, at most one more than MOST is read."""
    if not live:
        if last is None:
            return "Nothing is open, and nothing ever was."
        ago = rough(now - (last.resolved_at or last.opened_at))
        return f"Nothing is open. The last one was {last}, {ago} ago."
    waiting = [incident for incident in live if incident.status == Status.OPEN]
    if len(live) == 1:
        has = "nobody has acknowledged yet" if waiting else f"{live[0].assignee or 'somebody'} has it"
        return f"One incident is open: {live[0].title}, and {has}."
    if len(live) > MOST:
        return f"More than {MOST} incidents are open."
    return f"{len(live)} incidents are open; {_waiting(len(waiting), len(live))}."


def _waiting(count: int, of: int) -> str:
    match count:
        case 0:
            return "somebody has each of them"
        case 1:
            return "one of them waits for somebody to acknowledge"
        case _ if count == of:
            return "nobody has acknowledged any of them"
        case _:
            return f"{count} of them wait for somebody to acknowledge"
