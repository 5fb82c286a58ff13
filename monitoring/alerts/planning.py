"""The team's plan of what is told together: read, and changed by people."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from monitoring.alerts.grouping import By, Plan
from monitoring.alerts.joining import SWEEP
from monitoring.alerts.matching import label_names
from monitoring.alerts.models import Group, Grouping
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.batches import update_each
from opsconsole.lib.durations import words
from opsconsole.lib.nudges import nudge
from opsconsole.lib.phrases import listed

LIMITS = {
    "wait": (timedelta(), timedelta(minutes=10)),
    "interval": (timedelta(minutes=1), timedelta(hours=24)),
    "repeat": (timedelta(minutes=15), timedelta(days=7)),
}
"""The least and the most of each time."""


@transaction.atomic
def grouping_change(
    *,
    actor: Actor,
    by: str,
    labels: str,
    wait: timedelta,
    interval: timedelta,
    repeat: timedelta,
    now: datetime,
) -> Plan:
    """Groups that are open keep their alerts and go on by the new times; what begins to fire later is grouped by the new plan.

    Raises ValidationError, by field, for times beyond the limits, and for grouping by labels without naming any.
    """
    require(actor, Role.MANAGER)
    names = _names(labels) if by == By.LABELS else []
    plan = Plan(By(by), tuple(names), wait, interval, repeat)
    _refuse(plan)
    fields = {"by": by, "labels": names, "wait": wait, "interval": interval, "repeat": repeat}
    Grouping.objects.update_or_create(pk=1, defaults=fields)
    _look_anew(plan, now)
    return plan


def _names(text: str) -> list[str]:
    try:
        names = label_names(text)
    except ValueError as error:
        raise ValidationError({"labels": str(error)}) from None
    if not names:
        raise ValidationError({"labels": "Name one label at least, e.g. service, cluster."})
    return names


def _refuse(plan: Plan) -> None:
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(plan, name) <= most:
            raise ValidationError({name: f"From {words(least)} to {words(most)}."})
    if plan.repeat < plan.interval:
        raise ValidationError({"repeat": "It cannot be said again before the next news may be told."})


def _look_anew(plan: Plan, now: datetime) -> None:
    groups = Group.objects.filter(closed_at=None, look_at__isnull=False).select_for_update(no_key=True)
    update_each(_turned(groups.order_by("pk"), plan, now), ["look_at"])
    nudge(SWEEP)


def _turned(groups: Iterable[Group], plan: Plan, now: datetime) -> Iterable[Group]:
    for group in groups:
        if group.look_at:
            group.look_at = plan.looks_anew(
                look_at=group.look_at, opened_at=group.opened_at, told_at=group.told_at, now=now
            )
            yield group


def said(plan: Plan) -> str:
    """What a plan means, as a sentence."""
    what = {
        By.SERVICE: "Alerts of one service are told together",
        By.LABELS: f"Alerts that are alike in {listed(plan.labels)} are told together",
        By.ALL: "All alerts are told together",
        By.EACH: "Each alert is told by itself",
    }[By(plan.by)]
    first = f"{words(plan.wait)} after the first" if plan.wait else "at once"
    return f"{what}: {first}, then news every {words(plan.interval)} at most."
