"""What the console itself writes to an incident when probes and heartbeats speak: joined, up again, down again, calm.

Each takes the row as locked by the caller, in the caller's transaction.
"""

from datetime import datetime, timedelta

from incidents.response.bearers import Elsewhere
from incidents.response.dependents import dependents_of
from incidents.response.models import Incident, PageReason, TimelineEntry
from incidents.response.opening import begin_anew
from incidents.response.paging import page_out
from incidents.response.services import REVIEW, incident_resolve, incident_severity_change
from incidents.response.states import CALM, FLAPPING_FROM, Status, is_flapping, relapses_after
from incidents.response.writing import keep, line, tell, tell_all
from monitoring.catalogue.models import StatusChange
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.durations import words
from opsconsole.lib.nudges import nudge


def change_tell(row: Incident, change: StatusChange) -> None:
    """A change of state as a line of the timeline, at the time when it happened."""
    tell_all([change_line(row, change)])


def change_line(row: Incident, change: StatusChange) -> TimelineEntry:
    return line(
        row,
        "change",
        SYSTEM,
        change.at,
        key=f"change:{change.pk}",
        title=change.title,
        old=change.get_old_display(),
        new=change.get_new_display(),
        reason=change.reason[:300],
        url=change.evidence_url,
    )


def joined_line(row: Incident, change: StatusChange, because: str, now: datetime) -> TimelineEntry:
    """What it is part of, and why."""
    return line(row, "joined", SYSTEM, now, title=change.service.name, because=because)


def incident_join(row: Incident, change: StatusChange, *, because: str, severity: int, now: datetime) -> None:
    """Another service fails for what looks like the same reason: it becomes part of this incident."""
    row.affected.add(change.service)
    tell_all([change_line(row, change), joined_line(row, change, because, now)])
    keep(row)
    incident_raise(row, severity, now, why=f"{change.title} failed too")


def incident_raise(row: Incident, severity: int, now: datetime, *, why: str) -> None:
    """Raise the severity if the evidence is worse; the console never lowers it."""
    if severity < row.severity:
        incident_severity_change(actor=SYSTEM, incident=row, severity=severity, now=now, why=why)


def incident_relapse(row: Incident, at: datetime, now: datetime, *, flaps: bool = False) -> None:
    """Down again. The first time everybody is told, the second time that it goes up and down; then only the timeline is.
    With `flaps` it is known to, and this is the second time."""
    was_up_at = row.mitigated_at or at
    pause = max(at - was_up_at, timedelta())
    if row.status == Status.RESOLVED:
        begin_anew(row, now)
    row.relapses = max(relapses_after(row.relapses, pause), FLAPPING_FROM * flaps)
    row.mitigated_at = row.calm_at = None
    tell(row, "relapsed", SYSTEM, at, pause=words(pause))
    if row.relapses == FLAPPING_FROM:
        tell(row, "flapping", SYSTEM, now, times=row.relapses + 1)
    keep(row)
    if row.relapses <= FLAPPING_FROM:
        what = "Going up and down" if is_flapping(row) else "Down again"
        event = f"incident.relapsed:{row.pk}:{int(at.timestamp())}"
        detail, silent = f"It was up for {words(pause)}.", dependents_of(row.service)
        page_out(row, PageReason.RELAPSED, event=event, now=now, what=what, detail=detail, dependents=silent)


def incident_recover(row: Incident, at: datetime, now: datetime) -> None:
    """Everything is up again. While it flaps, that is believed only after a calm time, unless there was one."""
    row.mitigated_at, row.left_at = at, None
    row.calm_at = now + CALM if is_flapping(row) and now - at < CALM else None
    tell(row, "mitigated", SYSTEM, at)
    keep(row)
    if not row.calm_at:
        incident_settle(row, now)


def incident_outlived(row: Incident, at: datetime, now: datetime) -> None:
    """Everything is up after all; a person had resolved it while it still hurt, and so the hurt ends only here."""
    row.mitigated_at = at
    tell(row, "mitigated", SYSTEM, at)
    keep(row)
    page_out(row, PageReason.RECOVERED, event=f"incident.recovered:{row.pk}:{int(at.timestamp())}", now=now)
    nudge(REVIEW)


def incident_settle(row: Incident, now: datetime) -> None:
    """Up and believed: what nobody acknowledged is resolved by the console; whoever did is asked to resolve it. Where only the
    system did that the alerts came from, it has said now that they are over."""
    row.calm_at = None
    keep(row, after=now)
    actor = SYSTEM if row.status == Status.OPEN else _elsewhere(row)
    if actor and row.dedup_key.startswith(("service:", "alerts:")):
        incident_resolve(actor=actor, incident=row, now=now)
        return
    moment = int(row.mitigated_at.timestamp()) if row.mitigated_at else 0
    page_out(row, PageReason.RECOVERED, event=f"incident.recovered:{row.pk}:{moment}", now=now)


def _elsewhere(row: Incident) -> Elsewhere | None:
    """The system where it was acknowledged, if nobody here has taken it."""
    said = row.timeline.filter(kind="acknowledged").last()
    return Elsewhere(said.signature) if said and said.data.get("there") and not row.assignee_id else None
