"""Readers of alerts."""

from django.db.models import Count, Max, Min, Q, QuerySet

from monitoring.alerts.grouping import Plan
from monitoring.alerts.models import Alert, Group, Grouping
from monitoring.alerts.states import State

MOST = 50
"""Groups and alerts of a group that a page reads at once."""


def plan() -> Plan:
    """What is told together, and when: the plan in force; one query."""
    row = Grouping.objects.first()
    return row.plan if row else Plan()


def open_groups() -> "QuerySet[Group]":
    """Groups in which something fires: the worst first, then the longest. With `firing`, `worst` and `since`."""
    firing = Q(alerts__state=State.FIRING)
    counted = Group.objects.filter(closed_at=None).annotate(
        firing=Count("alerts", filter=firing),
        worst=Min("alerts__severity", filter=firing),
        since=Min("alerts__starts_at", filter=firing),
        newest=Max("alerts__starts_at", filter=firing),
    )
    return counted.filter(firing__gt=0).select_related("service").order_by("worst", "since")


STANDINGS = (*State.choices, ("flapping", "Flapping"), ("silent", "Silent because another fires"))
"""How alerts can be narrowed."""


def alerts(*, text: str = "", state: str = "") -> "QuerySet[Alert]":
    """Alerts of all time, narrowed to words in their titles and to how they stand."""
    rows = Alert.objects.select_related("service", "group", "inhibited_by")
    if text:
        rows = rows.filter(title__icontains=text)
    if state in ("flapping", "silent"):
        return rows.flapping() if state == "flapping" else rows.inhibited()
    return rows.filter(state=state) if state in State.values else rows


def firing_count() -> int:
    return Alert.objects.firing().count()
