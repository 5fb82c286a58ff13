"""Groups: alerts that belong together wait for each other, and what is new of them is told once, as one notice.

Whoever changes an alert holds its group's row first, so that nothing is told half and nothing is told twice.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from monitoring.alerts.models import Alert, Group, Line, Notice
from monitoring.alerts.states import REPEAT, News, State, group_key, look_at, news
from opsconsole.lib.nudges import nudge

CONSUMER = "response.notices_consume"
SWEEP = "alerts.tell"
_SIZE = 500


def group_held(alert: Alert, now: datetime) -> Group:
    """The group of an alert that is about to change, locked; a new one where its own is closed or it has none."""
    rows = Group.objects.filter(closed_at=None).select_for_update(no_key=True)
    own = rows.filter(pk=alert.group_id).first() if alert.group_id else None
    return own or _group_of(alert, now)


def _group_of(alert: Alert, now: datetime) -> Group:
    key, title = group_key(
        source=alert.source, title=alert.title, labels=alert.labels, service_id=alert.service_id
    )
    about = {"title": (title or str(alert.service))[:200], "service": alert.service, "opened_at": now}
    rows = Group.objects.filter(key=key[:300], closed_at=None).select_for_update(no_key=True)
    if found := rows.first():
        return found
    Group.objects.get_or_create(key=key[:300], closed_at=None, defaults=about)
    return rows.first() or Group.objects.create(key=key[:300], **about)  # closed while we waited for it


def group_stir(group: Group, now: datetime, *, firing: bool) -> None:
    """Something of a group, which the caller holds, fires now or is over: the group will look at what there is to tell."""
    firing = firing or group.alerts.firing().exists()
    due = look_at(told_at=group.told_at, due=group.look_at, firing=firing, now=now)
    if due != group.look_at:
        group.look_at = due
        group.save(update_fields=["look_at"])
    if due <= now:
        nudge(SWEEP)


def due(now: datetime) -> list[int]:
    """Ids of groups that have something to look at."""
    rows = Group.objects.filter(look_at__lte=now).order_by("look_at")
    return list(rows.values_list("pk", flat=True)[:_SIZE])


@transaction.atomic
def group_tell(*, pk: int, now: datetime) -> bool:
    """Write down what is new of a group; False when another sweep has looked."""
    rows = Group.objects.filter(pk=pk, look_at__lte=now).select_for_update(no_key=True)
    group = rows.first()
    if group is None:
        return False
    known = _told(group)
    alerts = list(Alert.objects.filter(pk__in=known).order_by("starts_at", "pk"))
    fresh = [alert for alert in alerts if alert.is_firing() and not known[alert.pk]]
    gone = [alert for alert in alerts if not alert.is_firing() and known[alert.pk]]
    firing = len(alerts) - len(fresh) - len(gone)
    said = news(fresh=len(fresh), gone=len(gone), firing=firing, told_at=group.told_at, now=now)
    if said:
        _say(group, said, fresh, gone, now)
    _rest(group, bool(fresh or firing), now)
    return True


def _told(group: Group) -> dict[int, bool]:
    """Of what fires, or of what was told that it does: whether the last that was told is that it fires."""
    last = Line.objects.filter(alert=OuterRef("pk")).order_by("-id").values("firing")[:1]
    rows = Alert.objects.filter(group=group).annotate(told=Subquery(last))
    rows = rows.filter(Q(state=State.FIRING) | Q(told=True))
    return {pk: bool(told) for pk, told in rows.values_list("pk", "told")}


def _say(group: Group, said: News, fresh: Sequence[Alert], gone: Sequence[Alert], now: datetime) -> None:
    notice = Notice.objects.create(group=group, news=said, at=now)
    lines = [Line(notice=notice, alert=a, firing=a.is_firing()) for a in (*fresh, *gone)]
    Line.objects.bulk_create(lines, batch_size=_SIZE)
    group.told_at = now
    nudge(CONSUMER)


def _rest(group: Group, firing: bool, now: datetime) -> None:
    """Look again when what still fires is to be said again; of what is over, never."""
    group.look_at = (group.told_at or now) + REPEAT if firing else None
    group.closed_at = None if firing else now
    group.save(update_fields=["told_at", "look_at", "closed_at"])
