"""Notices that a certificate or a domain ends soon: 30, 14, 7 days and a day before, once each.

A notice is a row, unique for what ends, its end, and the threshold; it is written together with its messages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from monitoring.probes.certificates import THRESHOLDS
from monitoring.probes.models import EndingNotice, Finding, Probe, path_of
from opsconsole.lib.calendars import zone
from opsconsole.lib.moments import to_ms
from opsconsole.lib.sweeps import each
from opsconsole.outbox.messages import Message, render
from opsconsole.outbox.models import Channel, Topic
from opsconsole.outbox.services.deliveries import message_broadcast


@dataclass(frozen=True)
class Ending:
    """What of a probe ends when: `what` is “certificate” or “domain”."""

    probe: Probe
    what: str
    ends_at: datetime


def reached(ends_at: datetime, now: datetime) -> int | None:
    """The tightest threshold that is reached, in days; None when the end is far."""
    return min((days for days in THRESHOLDS if ends_at - now <= timedelta(days=days)), default=None)


def notify(now: datetime) -> int:
    """Tell of what ends soon and was not told of yet; returns how many notices went out."""
    return each(_fresh(now), lambda ending: _notice(ending, now))


def _fresh(now: datetime) -> list[Ending]:
    """What reached a threshold that it was not told of."""
    soon = list(_soon(now + timedelta(days=THRESHOLDS[0])))
    rows = EndingNotice.objects.filter(ends_at__in={ending.ends_at for ending in soon})
    told = {
        (probe, what, to_ms(ends), days)
        for probe, what, ends, days in rows.values_list("probe", "what", "ends_at", "days")
    }
    return [
        ending
        for ending in soon
        if (ending.probe.pk, ending.what, to_ms(ending.ends_at), reached(ending.ends_at, now)) not in told
    ]


def _soon(until: datetime) -> Iterator[Ending]:
    asked = Probe.objects.filter(is_paused=False).select_related("service").defer("secrets")
    for probe in asked.filter(certificate_expires_at__lte=until):
        if probe.certificate_expires_at:
            yield Ending(probe, "certificate", probe.certificate_expires_at)
    found = Finding.objects.filter(ends_at__lte=until).values_list("probe", "ends_at")
    probes = asked.in_bulk([pk for pk, _ in found])
    yield from (Ending(probes[pk], "domain", ends) for pk, ends in found if pk in probes and ends)


@transaction.atomic
def _notice(ending: Ending, now: datetime) -> int:
    days = reached(ending.ends_at, now)
    if days is None:
        return 0
    row, fresh = EndingNotice.objects.get_or_create(
        probe=ending.probe, what=ending.what, ends_at=ending.ends_at, days=days, defaults={"at": now}
    )
    if fresh:
        message_broadcast(
            event=f"{ending.what}.ending:{row.pk}",
            topic=Topic.ENDINGS,
            message_for=partial(_message, ending, now),
            now=now,
            about=path_of(ending.probe.pk),
        )
    return int(fresh)


def _message(ending: Ending, now: datetime, channel: Channel) -> Message:
    left = (ending.ends_at - now).days
    context = {"ending": ending, "left": left, "over": ending.ends_at <= now, "url": _url(ending.probe)}
    zone_of = zone(channel.user.time_zone) if channel.user and channel.user.time_zone else None
    return render("ending_soon", context, data=_data(ending, left), zone=zone_of)


def _url(probe: Probe) -> str:
    return f"{settings.OPSCONSOLE_URL}{path_of(probe.pk)}"


def _data(ending: Ending, left: int) -> dict[str, Any]:
    """What machines get."""
    return {
        "event": f"{ending.what}.ending",
        "probe": ending.probe.name,
        "service": ending.probe.service.slug,
        "ends_at": ending.ends_at.isoformat(),
        "days_left": left,
        "url": _url(ending.probe),
    }
