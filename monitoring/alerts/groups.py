"""Groups: alerts that belong together wait for each other, and what is new of them is told once, as one notice.

Whoever changes alerts holds their groups' rows first (see `joining`), so that nothing is told half and nothing is told twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from monitoring.alerts.grouping import Plan
from monitoring.alerts.joining import SWEEP
from monitoring.alerts.models import Alert, AlertChange, Group, Line, Notice
from monitoring.alerts.muting import Mute, Mutes
from monitoring.alerts.selectors import plan
from monitoring.alerts.silencing import Inhibited
from monitoring.alerts.states import Kind, News, State, Told, is_news, news
from opsconsole.lib.nudges import nudge

CONSUMER = "response.notices_consume"
_SIZE = 500
SOON = timedelta(seconds=1)


def look_again(now: datetime) -> None:
    """What mutes has changed: each group looks at what there is to tell now."""
    Group.objects.filter(closed_at=None).update(look_at=now)
    nudge(SWEEP)


def due(now: datetime) -> list[int]:
    """Ids of groups that have something to look at; of those too in which something was silent because of what is over now."""
    freed = Alert.objects.inhibited().exclude(inhibited_by__state=State.FIRING).values("group")
    Group.objects.filter(pk__in=freed, closed_at=None, look_at__gt=now).update(look_at=now)
    rows = Group.objects.filter(look_at__lte=now).order_by("look_at")
    return list(rows.values_list("pk", flat=True)[:_SIZE])


@transaction.atomic
def group_tell(*, pk: int, now: datetime, inhibited: Inhibited | None = None, by: Plan | None = None) -> bool:
    """Write down what is new of a group; False when another sweep has looked. What is silent because something else fires, and
    the plan, are read once for many groups."""
    rows = Group.objects.filter(pk=pk, look_at__lte=now).select_for_update(no_key=True)
    group = rows.first()
    if group is None:
        return False
    known, mutes = _told(group), Mutes(now)
    alerts = list(Alert.objects.filter(pk__in=known).select_related("service").order_by("starts_at", "pk"))
    inhibited, by = inhibited or Inhibited(), by or plan()
    muted = {
        alert.pk: m for alert in alerts if (m := mutes.of_alert(alert) or inhibited.of_alert(alert, now))
    }
    _silent(alerts, inhibited)
    loud = [alert for alert in alerts if alert.pk not in muted]
    new = [
        alert
        for alert in loud
        if is_news(known[alert.pk], firing=alert.is_firing(), flaps=alert.is_flapping())
    ]
    fresh = [alert for alert in new if alert.is_firing()]
    gone = [alert for alert in new if not alert.is_firing()]
    over = {alert.pk for alert in gone}
    said = news(
        fresh=len(fresh),
        flaps=sum(alert.is_flapping() for alert in fresh),
        calm=sum(known[alert.pk].flaps for alert in fresh),
        gone=len(gone),
        firing=len(loud) - len(fresh) - len(gone),
        told_at=group.told_at,
        now=now,
        repeat=by.repeat,
    )
    if said:
        _say(group, said, fresh, gone, now)
    _hush([alert for alert in alerts if alert.pk in muted and not known[alert.pk].firing], muted, now)
    _rest(group, [alert for alert in alerts if alert.pk not in over], muted, now, by)
    return True


def _silent(alerts: Sequence[Alert], inhibited: Inhibited) -> None:
    """Each alert names the one because of which it is silent, as long as it is."""
    changed = [alert for alert in alerts if alert.inhibited_by_id != inhibited.source_of(alert)]
    for alert in changed:
        alert.inhibited_by_id = inhibited.source_of(alert)
    Alert.objects.bulk_update(changed, ["inhibited_by"], batch_size=_SIZE)


def _hush(alerts: Sequence[Alert], muted: Mapping[int, Mute], now: datetime) -> None:
    """Of what fires and is not told stands in its story why; once for each reason."""
    rows = [
        AlertChange(alert=alert, kind=Kind.HUSHED, at=now, noticed_at=now, note=muted[alert.pk].words[:300])
        for alert in alerts
    ]
    known = AlertChange.objects.filter(kind=Kind.HUSHED, alert__in=alerts).values_list("alert", "note")
    had = set(known) if rows else set()
    AlertChange.objects.bulk_create([row for row in rows if (row.alert_id, row.note) not in had])


def _told(group: Group) -> dict[int, Told]:
    """Of what fires, or of what was told that it does: what was told of it last."""
    last = Line.objects.filter(alert=OuterRef("pk")).order_by("-id")
    rows = Alert.objects.filter(group=group).annotate(
        told=Subquery(last.values("firing")[:1]), flaps=Subquery(last.values("flaps")[:1])
    )
    rows = rows.filter(Q(state=State.FIRING) | Q(told=True))
    return {pk: Told(bool(told), bool(flaps)) for pk, told, flaps in rows.values_list("pk", "told", "flaps")}


def _say(group: Group, said: News, fresh: Sequence[Alert], gone: Sequence[Alert], now: datetime) -> None:
    notice = Notice.objects.create(group=group, news=said, at=now)
    lines = [
        Line(notice=notice, alert=a, firing=a.is_firing(), flaps=a.is_flapping()) for a in (*fresh, *gone)
    ]
    Line.objects.bulk_create(lines, batch_size=_SIZE)
    group.told_at = now
    nudge(CONSUMER)


def acknowledged_tell(alert: Alert, now: datetime) -> None:
    """Of what was told that it fires it is told that somebody has it in hand. What is told later is told so from the start."""
    last = alert.lines.order_by("-pk").first()
    if last and last.firing:
        notice = Notice.objects.create(group_id=last.notice.group_id, news=News.TAKEN, at=now)
        Line.objects.create(notice=notice, alert=alert, firing=True, flaps=last.flaps)
        nudge(CONSUMER)


def _rest(group: Group, left: Sequence[Alert], muted: Mapping[int, Mute], now: datetime, by: Plan) -> None:
    """Look again when what still fires is to be said again, or what is muted may be told; of what is over, never."""
    ends = [muted[alert.pk].ends_at for alert in left if alert.pk in muted]
    loud = any(alert.pk not in muted for alert in left)
    looks = ends + [(group.told_at or now) + by.repeat] * loud
    group.look_at = max(min(looks), now + SOON) if looks else None
    group.closed_at = None if looks else now
    group.save(update_fields=["told_at", "look_at", "closed_at"])
