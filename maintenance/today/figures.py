"""The strip: five figures of the moment, each with the page of its rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from incidents.response.models import Incident
from incidents.response.selectors import MOST
from monitoring.catalogue.sentences import state
from monitoring.catalogue.states import Status
from monitoring.heartbeats.selectors import Counts
from monitoring.probes.certificates import LOOK_DAYS
from monitoring.probes.models import Probe
from monitoring.probes.selectors import expires_before
from opsconsole.lib.durations import rough
from opsconsole.lib.periods import Period
from opsconsole.measures.selectors import read

EXPIRING = timedelta(days=LOOK_DAYS)
_SMALL = (Status.DEGRADED, Status.DOWN, Status.UNKNOWN, Status.MAINTENANCE, Status.PAUSED)


@dataclass(frozen=True)
class Figure:
    """A number (None when it could not be read) with its unit or detail in small; `tone` is set where it wants attention.

    With `more` there are more than the number says.
    """

    label: str
    number: int | None
    small: str
    url: str
    tone: str = ""
    more: bool = False


def incidents(live: Sequence[Incident], now: datetime) -> Figure:
    worst = live[0] if live else None
    small = f"{worst.get_severity_display()}, {rough(now - worst.detected_at)}" if worst else ""
    shown, url = min(len(live), MOST), reverse("response:list")
    return Figure("Open incidents", shown, small, url, "bad" if live else "", more=len(live) > MOST)


def services(counts: Counter[Status]) -> Figure:
    """With the page of those that are not up, where there are any."""
    lasting = [status for status in _SMALL if counts[status]]
    trouble = [f"{counts[status]} {state(status)}" for status in lasting]
    narrowed = "&".join(f"status={status}" for status in lasting)
    tone = "bad" if counts[Status.DOWN] else "look" if counts[Status.DEGRADED] else ""
    return Figure(
        "Services",
        counts[Status.UP],
        " · ".join(["up" if counts else "watched", *trouble]),
        reverse("catalogue:list") + (f"?{narrowed}" if narrowed else ""),
        tone,
    )


def late_jobs(found: Counts) -> Figure:
    """Jobs that failed or did not report, those within their grace included."""
    number = found.down + found.late
    small = f"of {found.watched}" if found.watched else ""
    return Figure(
        "Late jobs",
        number,
        small,
        reverse("heartbeats:list"),
        "bad" if found.down else "look" if number else "",
    )


def undelivered(now: datetime) -> Figure:
    """The measure's own figure, over a day."""
    reading = read("outbox.undelivered", Period(now - timedelta(days=1), now)).reading
    if reading.value is None:
        return Figure("Undelivered", None, "not read", reverse("outbox:deliveries"), "unknown")
    number = int(reading.value)
    return Figure(
        "Undelivered", number, _noun("message", number), reading.evidence_url, "bad" if number else ""
    )


def expiring(now: datetime) -> Figure:
    number = Probe.objects.filter(expires_before(now + EXPIRING)).count()
    return Figure(
        f"Expiring in {EXPIRING.days} days",
        number,
        _noun("certificate", number),
        f"{reverse('probes:list')}?expiring={EXPIRING.days}",
        "look" if number else "",
    )


def _noun(noun: str, number: int) -> str:
    return noun if number == 1 else f"{noun}s"
