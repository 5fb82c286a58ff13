"""What the pages of one incident show, gathered with a constant number of queries."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils import timezone
from django.utils.safestring import SafeString

from incidents.response import timeline
from incidents.response.causes import Cause, causes_of
from incidents.response.dependents import Dependents, dependents_of
from incidents.response.impact import Impact, impact_of
from incidents.response.looking import links_of
from incidents.response.models import Incident, Page, TimelineEntry
from incidents.response.sentences import standing
from incidents.response.states import Clock, Phase, Severity, Status, clocks, phases
from monitoring.catalogue.links import Link
from monitoring.catalogue.models import Service
from monitoring.changes.models import Change
from monitoring.changes.selectors import changes_before
from opsconsole.outbox.models import DeliveryStatus

LINES = 100
ALL_LINES = 10_000


@dataclass(frozen=True)
class Line:
    """An entry as it is shown; `style` says whether its time needs a date."""

    entry: TimelineEntry
    sentence: SafeString
    tone: str
    style: str

    @property
    def url(self) -> str:
        """Where its evidence is, on this console only."""
        url = str(self.entry.data.get("url", ""))
        return url if url.startswith("/") and not url.startswith("//") else ""


@dataclass(frozen=True)
class Changed:
    """What was changed on purpose before it began; `style` as of a line."""

    change: Change
    style: str


@dataclass(frozen=True)
class Told:
    """A message to somebody and what became of it; `style` as of a line."""

    page: Page
    tone: str
    fate: str
    style: str

    @property
    def took(self) -> timedelta | None:
        return self.page.accepted_at - self.page.created_at if self.page.accepted_at else None


@dataclass(frozen=True)
class View:
    incident: Incident
    now: datetime
    tone: str
    standing: str
    clocks: list[Clock]
    phases: list[Phase]
    affected: list[Service]
    causes: list[Cause]
    dependents: Dependents
    links: list[Link]
    changed: list[Changed]
    impact: list[Impact]
    lines: list[Line]
    earlier: bool
    told: list[Told]

    @property
    def since_style(self) -> str:
        """Whether the start needs its date."""
        days = [timezone.localtime(moment).date() for moment in (self.incident.impact_start, self.now)]
        return "time" if days[0] == days[1] else "short"

    @property
    def is_dated(self) -> bool:
        return any(line.style == "dense" for line in self.lines)

    @property
    def is_changed_dated(self) -> bool:
        return any(changed.style == "dense" for changed in self.changed)

    @property
    def is_told_dated(self) -> bool:
        return any(told.style == "dense" for told in self.told)

    @property
    def said(self) -> list[tuple[str, str, str]]:
        """Tone, label and words of each clock."""
        return [(clock.tone(self.now), clock.label, clock.rest(self.now)) for clock in self.clocks]

    @property
    def version(self) -> str:
        """Changes when the page would look different; clocks in words move every minute."""
        seen = [str(self.incident.changed_at), str(self.now.replace(second=0, microsecond=0))]
        seen += [str(line.entry.pk) for line in self.lines[-1:]]
        seen += [f"{told.page.pk}{told.fate}" for told in self.told]
        seen += [str(changed.change.pk) for changed in self.changed]
        return hashlib.sha256("|".join(seen).encode()).hexdigest()[:12]


def view_of(incident: Incident, now: datetime, *, lines: int = LINES) -> View:
    affected = list(incident.affected.all())
    entries = list(incident.timeline.order_by("-at", "-id")[: lines + 1])
    return View(
        incident=incident,
        now=now,
        tone=tone_of(incident),
        standing=standing(incident, now),
        clocks=list(clocks(incident)) if incident.is_live() or incident.resolved_at else [],
        phases=phases(incident),
        affected=affected,
        causes=causes_of(incident, affected),
        dependents=_dependents(incident, affected),
        links=links_of(incident, affected, now),
        changed=_changed(incident, affected, now),
        impact=impact_of(incident),
        lines=_lines(entries[:lines][::-1], now),
        earlier=len(entries) > lines,
        told=_all_told(list(incident.pages.select_related("delivery")), now),
    )


def _dependents(incident: Incident, affected: list[Service]) -> Dependents:
    """Of one that lasts all that depends on it, of another what had failed with it."""
    found = dependents_of(incident.service)
    mine = {service.pk for service in affected}
    if incident.is_live() and not incident.mitigated_at:
        return found
    return Dependents([one for one in [*found.down, *found.others] if one.pk in mine])


def tone_of(incident: Incident) -> str:
    """Bad while the worst waits for somebody; look while anything is left to do."""
    match Status(incident.status):
        case Status.RESOLVED:
            return "ok"
        case Status.MERGED:
            return "unknown"
        case Status.OPEN if incident.severity <= Severity.P1 and not incident.mitigated_at:
            return "bad"
        case _:
            return "look"


def _changed(incident: Incident, affected: list[Service], now: datetime) -> list[Changed]:
    found = changes_before(incident.impact_start, [service.pk for service in affected])
    styles = _styles([change.at for change in found], now)
    return [Changed(change, style) for change, style in zip(found, styles, strict=True)]


def _lines(entries: list[TimelineEntry], now: datetime) -> list[Line]:
    styles = _styles([entry.at for entry in entries], now)
    return [
        Line(e, timeline.sentence(e), timeline.tone(e), style)
        for e, style in zip(entries, styles, strict=True)
    ]


def _styles(moments: Iterable[datetime], now: datetime) -> list[str]:
    """How times are shown one below the other: the first of another day says which."""
    days = [timezone.localtime(moment).date() for moment in (now, *moments)]
    return ["bare" if day == last else "dense" for last, day in pairwise(days)]


_TONES = {
    DeliveryStatus.SENT: "ok",
    DeliveryStatus.WAITING: "look",
    DeliveryStatus.FAILED: "bad",
    DeliveryStatus.CANCELLED: "unknown",
}


def _all_told(pages: list[Page], now: datetime) -> list[Told]:
    styles = _styles([page.created_at for page in pages], now)
    return [_told(page, style) for page, style in zip(pages, styles, strict=True)]


def _told(page: Page, style: str) -> Told:
    """The delivery as it stands; the page's own copy once it has been pruned."""
    delivery = page.delivery
    status = DeliveryStatus(delivery.status if delivery else page.outcome)
    error = delivery.last_error if delivery else page.error
    fate = {
        DeliveryStatus.SENT: "delivered",
        DeliveryStatus.WAITING: f"not yet: {error}" if error else "on its way",
        DeliveryStatus.FAILED: f"not delivered: {error}",
        DeliveryStatus.CANCELLED: "no longer needed",
    }[status]
    return Told(page, _TONES[status], fate, style)
