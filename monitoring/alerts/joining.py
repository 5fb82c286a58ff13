"""Which groups alerts belong to that begin to fire or are over, and when those groups look at it: for many by a few statements.

Whoever changes alerts holds their groups' rows first, so that nothing is told half and nothing is told twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from monitoring.alerts.grouping import LONGEST_KEY, Plan
from monitoring.alerts.models import Alert, Group
from monitoring.alerts.muting import labels_of
from monitoring.alerts.states import STORM_FROM, STORM_SPAN, STORM_WAIT, WAIT, look_at
from monitoring.catalogue.models import Service
from opsconsole.lib.batches import update_each
from opsconsole.lib.nudges import nudge

SWEEP = "alerts.tell"


@dataclass(frozen=True)
class Kin:
    """What an alert belongs together with, unless its own group is open."""

    key: str
    title: str
    service: Service | None


@dataclass(frozen=True)
class Turn:
    """An alert began to fire (`step` is 1), fires no more (-1), or flaps from now on, or does not any more (0).

    Of a `quiet` one there is nothing to tell: the alert goes as if it had never been.
    """

    alert: Alert
    kin: Kin
    step: int
    quiet: bool = False


def kin_of(alert: Alert, plan: Plan) -> Kin:
    key, title = plan.place(
        source=alert.source,
        fingerprint=alert.fingerprint,
        title=alert.title,
        labels=labels_of(alert),
        service_id=alert.service_id,
    )
    service = alert.service if plan.is_of_a_service() else None
    return Kin(key[:LONGEST_KEY], (title or str(alert.service))[:200], service)


def groups_held(turns: Sequence[Turn], now: datetime) -> list[Group]:
    """The group of each turn, locked, which its alert is put into; new ones where an alert has none or its own is closed."""
    firsts = {
        id(turn.alert): turn for turn in reversed(turns)
    }.values()  # by the first, an alert has its place
    kins = {turn.kin.key: turn.kin for turn in firsts}
    held = _locked(Q(pk__in={turn.alert.group_id for turn in firsts}) | Q(key__in=kins))
    ids, keys = {group.pk: group for group in held}, {group.key: group for group in held}
    lost = {turn.kin.key for turn in firsts if turn.alert.group_id not in ids}
    while missing := sorted(lost - keys.keys()):  # again if one was closed while we waited for it
        made = _made([kins[key] for key in missing], now)
        keys |= {group.key: group for group in made}
        ids |= {group.pk: group for group in made}
    return [_placed(turn, ids, keys) for turn in turns]


def _locked(which: Q) -> list[Group]:
    return list(Group.objects.filter(which, closed_at=None).select_for_update(no_key=True).order_by("pk"))


def _made(kins: Sequence[Kin], now: datetime) -> list[Group]:
    rows = [Group(key=kin.key, title=kin.title, service=kin.service, opened_at=now) for kin in kins]
    Group.objects.bulk_create(rows, ignore_conflicts=True)
    return _locked(Q(key__in=[kin.key for kin in kins]))


def _placed(turn: Turn, ids: Mapping[int, Group], keys: Mapping[str, Group]) -> Group:
    group = ids.get(turn.alert.group_id or 0) or keys[turn.kin.key]
    turn.alert.group = group
    return group


def groups_stir(turns: Sequence[Turn], groups: Sequence[Group], now: datetime, plan: Plan) -> None:
    """Groups of which something fires now or is over, which the caller holds, will look at what there is to tell.

    To be called before the alerts themselves are written.
    """
    if not turns:
        return
    firing, untold, before = _firing(groups), _untold(now), {group.pk: group.look_at for group in groups}
    for turn, group in zip(turns, groups, strict=True):
        firing[group.pk] += turn.step
        untold += turn.step if _is_news(group, now) else 0
        if not turn.quiet:
            group.look_at = look_at(
                told_at=group.told_at,
                due=group.look_at,
                firing=firing[group.pk] > 0,
                now=now,
                wait=min(plan.wait, STORM_WAIT) if untold >= STORM_FROM else plan.wait,
                interval=plan.interval,
            )
    stirred = [group for group in {g.pk: g for g in groups}.values() if group.look_at != before[group.pk]]
    update_each(stirred, ["look_at"])
    _nudge([group.look_at for group in stirred if group.look_at], now)


def _nudge(moments: Sequence[datetime], now: datetime) -> None:
    """Have the sweep look when the first of them has come, if that is soon."""
    if moments and (first := min(moments)) <= now + WAIT:
        nudge(SWEEP, after=first - now)


def _untold(now: datetime) -> int:
    """How many alerts fire in groups that are new and of which nobody was told so far."""
    rows = Alert.objects.firing().filter(group__told_at=None, group__opened_at__gt=now - STORM_SPAN)
    return rows.count()


def _is_news(group: Group, now: datetime) -> bool:
    return group.told_at is None and group.opened_at > now - STORM_SPAN


def _firing(groups: Iterable[Group]) -> Counter[int]:
    """How many alerts of each fire so far."""
    rows = Alert.objects.firing().filter(group__in={group.pk for group in groups}).order_by()
    return Counter(dict(rows.values_list("group").annotate(Count("pk"))))
