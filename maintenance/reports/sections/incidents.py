"""Incidents of the week: what broke, how it was met, and what is still open."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from incidents.response.figures import hurt_in
from incidents.response.measures import rows_url
from incidents.response.models import Incident
from maintenance.reports.sections import Broken, Context, Item, breakage, contributes
from opsconsole.lib.durations import words
from opsconsole.lib.figures import counted, every
from opsconsole.measures.evidence import moment_url

MOST = 6


def _of_week(context: Context) -> list[Incident]:
    """Those that hurt in it, also if they began before; without drills and merged ones; the worst first."""
    rows = hurt_in(context.period).select_related("service")
    return sorted(rows, key=lambda one: (one.severity, -_hurt(one, context)))


def _span(incident: Incident, context: Context) -> tuple[datetime, datetime]:
    """How long it hurt, within the week."""
    end = incident.mitigated_at or incident.resolved_at or context.now
    start = max(incident.impact_start, context.period.start)
    return start, max(start, min(end, context.period.end))


def _hurt(incident: Incident, context: Context) -> float:
    start, end = _span(incident, context)
    return (end - start).total_seconds()


@breakage
def broken(context: Context) -> list[Broken]:
    return [
        Broken(str(one), one.title, one.severity, *_span(one, context), is_open=_was_open(one, context.now))
        for one in _of_week(context)
    ]


@contributes("attention", order=10)
def happened(context: Context) -> list[Item]:
    """Each with how long it hurt; beyond six, the rest is one line."""
    rows = _of_week(context)
    items = [_item(one, context) for one in rows[:MOST]]
    if len(rows) > MOST:
        rest = counted(len(rows) - MOST, "more incident")
        items.append(Item("in the week.", label=rest, url=rows_url(context.period, "incidents.impact")))
    return items


def _item(incident: Incident, context: Context) -> Item:
    state = (
        "still open"
        if _was_open(incident, context.now)
        else f"{words(max(60.0, _minutes(incident, context)))}"
    )
    where = (
        f" Service: {incident.service}."
        if incident.service and str(incident.service) not in incident.title
        else ""
    )
    text = f", {incident.get_severity_display()}, {state}: {incident.title.rstrip('.')}.{where}"
    return Item(text, label=str(incident), url=_url(incident))


def _minutes(incident: Incident, context: Context) -> float:
    return round(_hurt(incident, context) / 60) * 60.0


@contributes("well", order=30)
def met(context: Context) -> list[Item]:
    """All of the week's first evidence acknowledged within their targets; those that were over by themselves do not count."""
    begun = Incident.objects.counted().detected_in(context.period)
    rows = [one for one in begun if not (one.resolved_by_machine and one.acknowledged_at is None)]
    in_time = [
        one for one in rows if (at := one.acknowledged_at or one.resolved_at) and at <= one.acknowledge_due_at
    ]
    if not rows or len(in_time) < len(rows):
        return []
    if len(rows) == 1:
        return [Item("was acknowledged within the target.", str(rows[0]), _url(rows[0]))]
    url = rows_url(context.period, "incidents.tta")
    return [Item("were acknowledged within the target.", every(len(rows), "incident"), url)]


@contributes("blockers", order=10)
def still_open(context: Context) -> list[Item]:
    """Whatever was open at the moment of the report, from whenever; drills are practice and block nothing."""
    ended = Q(resolved_at=None) | Q(resolved_at__gt=context.now)
    live = Incident.objects.counted().filter(ended, opened_at__lte=context.now)
    rows = list(live.select_related("assignee").order_by("severity", "number")[: MOST + 1])
    items = [_open(one, context.now) for one in rows[:MOST]]
    url = moment_url("response:list", "incidents.open", context.period, context.now)
    more = Item("are open.", "More incidents", url)
    return [*items, more] if len(rows) > MOST else items


def _open(incident: Incident, now: datetime) -> Item:
    seen = incident.acknowledged_at is not None and incident.acknowledged_at <= now
    who = f"{incident.assignee} has it" if incident.assignee else "acknowledged"
    since = words(timedelta(minutes=max(1, round((now - incident.opened_at).total_seconds() / 60))))
    level = incident.get_severity_display()
    text = (
        f", {level}, open for {since}, {who if seen else 'not acknowledged'}: {incident.title.rstrip('.')}."
    )
    return Item(text, label=str(incident), url=_url(incident))


def _was_open(incident: Incident, now: datetime) -> bool:
    return incident.resolved_at is None or incident.resolved_at > now


def _url(incident: Incident) -> str:
    return reverse("response:detail", args=[incident.number])
