"""The strip: five figures of the moment, each with the page of its rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from incidents.response.models import Incident
from monitoring.catalogue.states import Status
from monitoring.probes.models import Probe
from opsconsole.lib.durations import words
from opsconsole.outbox.models import Delivery, DeliveryStatus

EXPIRING = timedelta(days=14)
LATE = timedelta(minutes=5)  # a message that waits this long has trouble getting out
_SMALL = ((Status.DEGRADED, "slow"), (Status.DOWN, "down"), (Status.UNKNOWN, "not measured"))


@dataclass(frozen=True)
class Figure:
    """A number with its unit or detail in small; `tone` is set where it wants attention."""

    label: str
    number: int
    small: str
    url: str
    tone: str = ""


def incidents(live: Sequence[Incident], now: datetime) -> Figure:
    worst = live[0] if live else None
    small = f"{worst.get_severity_display()}, {_since(worst.detected_at, now)}" if worst else ""
    return Figure("Open incidents", len(live), small, "/incidents/", "bad" if live else "")


def _since(moment: datetime, now: datetime) -> str:
    """“38 min”: seconds say nothing here once there is a minute."""
    span = now - moment
    return words(span - span % timedelta(minutes=1) if span >= timedelta(minutes=1) else span)


def services(counts: Counter[Status]) -> Figure:
    trouble = [f"{counts[status]} {word}" for status, word in _SMALL if counts[status]]
    tone = "bad" if counts[Status.DOWN] else "look" if counts[Status.DEGRADED] else ""
    return Figure(
        "Services",
        counts[Status.UP],
        " · ".join(["up" if counts else "watched", *trouble]),
        reverse("catalogue:list"),
        tone,
    )


def undelivered(now: datetime) -> Figure:
    """Messages that were given up within a day, or have waited for longer than five minutes."""
    stuck = Q(status=DeliveryStatus.WAITING, created_at__lt=now - LATE)
    failed = Q(status=DeliveryStatus.FAILED, created_at__gt=now - timedelta(days=1))
    number = Delivery.objects.filter(stuck | failed).count()
    return Figure(
        "Undelivered", number, _noun("message", number), reverse("outbox:deliveries"), "bad" if number else ""
    )


def expiring(now: datetime) -> Figure:
    soon = Probe.objects.filter(is_paused=False, certificate_expires_at__lt=now + EXPIRING)
    number = soon.count()
    return Figure(
        "Expiring in 14 days",
        number,
        _noun("certificate", number),
        reverse("probes:list"),
        "look" if number else "",
    )


def _noun(noun: str, number: int) -> str:
    return noun if number == 1 else f"{noun}s"
