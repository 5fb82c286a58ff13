"""What a delivery says, written as alerts and changes: some hundreds of alerts at a time, so that two thousand hold up nobody."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.urls import reverse

from monitoring.alerts.cases import Said
from monitoring.alerts.taking import AT_ONCE, alert_acknowledge, alert_take, alerts_take
from monitoring.catalogue.models import Service
from monitoring.changes.services import change_take
from monitoring.inbound.confirming import confirm
from monitoring.inbound.issues import issue_take
from monitoring.inbound.models import Arrival
from monitoring.inbound.parcels import Heard, Reading, Told
from monitoring.inbound.wording import text
from opsconsole.lib.batches import in_batches
from opsconsole.lib.figures import counted
from opsconsole.lib.phrases import listed
from opsconsole.lib.secrets import digest

TOLD_FOR = timedelta(hours=24)
"""How long it is told that something could not be read; another one starts it anew."""
NAMED_BY = ("service", "component", "source")


def apply(arrival: Arrival, reading: Reading, now: datetime) -> str:
    """Write it; what it was, as a sentence. Raises NotYet when an address that has to be called does not answer."""
    names = _services() if reading.size else {}
    for acknowledged, some in groupby(reading.alerts, key=lambda heard: heard.acknowledged):
        take = _acknowledge if acknowledged else _take
        for heard in in_batches(list(some), AT_ONCE):
            take(arrival, heard, names, now)
    for issue in reading.issues:
        issue_take(integration=arrival.integration, issue=issue, at=arrival.at)
    for told in reading.changes:
        _change(arrival, told, names, now)
    if reading.confirm:
        confirm(reading.confirm)
    return summary(reading)


def summary(reading: Reading) -> str:
    firing = sum(heard.firing for heard in reading.alerts)
    over = len(reading.alerts) - firing
    parts = [f"{counted(firing, 'alert')} firing"] if firing else []
    parts += [f"{over} over"] if over else []
    parts += [counted(len(reading.changes), "change")] if reading.changes else []
    said = listed(parts)
    return (
        f"{said}. {reading.note}".strip()
        if said and reading.note
        else said or reading.note or "Nothing to act on"
    )


def _services() -> dict[str, Service]:
    """Services by what a label may call them: their name, or their name in addresses."""
    return {
        name.lower(): service for service in Service.objects.all() for name in (service.slug, service.name)
    }


def _of(names: Mapping[str, Service], words: Sequence[str], otherwise: Service | None) -> Service | None:
    return next((names[word.lower()] for word in words if word.lower() in names), otherwise)


def _take(arrival: Arrival, heard: Sequence[Heard], names: Mapping[str, Service], now: datetime) -> None:
    alerts_take([_said(arrival, one, names) for one in heard], now=now)


def _said(arrival: Arrival, heard: Heard, names: Mapping[str, Service]) -> Said:
    integration = arrival.integration
    return Said(
        source=integration.source,
        fingerprint=_fingerprint(heard),
        firing=heard.firing,
        title=text(heard.title),
        severity=integration.severity if heard.level is None else heard.level,
        labels=heard.labels,
        annotations=heard.annotations,
        service=_of(names, [heard.labels.get(by, "") for by in NAMED_BY], integration.service),
        url=heard.url,
        at=heard.at or arrival.at,
        expires_at=arrival.at + TOLD_FOR if heard.unread else heard.expires_at,
    )


def _fingerprint(heard: Heard) -> str:
    return heard.fingerprint if len(heard.fingerprint) <= 255 else digest(heard.fingerprint)


def _acknowledge(
    arrival: Arrival, heard: Sequence[Heard], _names: Mapping[str, Service], now: datetime
) -> None:
    for one in heard:
        alert_acknowledge(
            source=arrival.integration.source, fingerprint=_fingerprint(one), now=now, by=one.by
        )


def _change(arrival: Arrival, told: Told, names: Mapping[str, Service], now: datetime) -> None:
    integration = arrival.integration
    change_take(
        source=told.source or integration.name,
        summary=told.summary,
        dedup_key=f"{integration.source}:{told.key or arrival.pk}",
        now=now,
        at=told.at or arrival.at,
        kind=told.kind,
        service=_of(names, [told.source, told.source.rpartition("/")[2]], integration.service),
        author=told.author,
        url=told.url,
        details=told.details,
    )


def say_unreadable(arrival: Arrival, why: str, now: datetime) -> None:
    """Open an alert about a delivery that cannot be read, with the beginning of what came."""
    came = text(arrival.body.decode(errors="replace"))
    _complain(
        arrival,
        "unreadable",
        "sent something that cannot be read",
        {"why": text(why), "what came": came},
        now,
    )


def say_forged(arrival: Arrival, why: str, now: datetime) -> None:
    """Open an alert about a delivery that is not believed, with nothing of it: the secret may be an old one, and all is lost."""
    _complain(arrival, "forged", "sends what is not believed", {"why": text(why)}, now)


def say_waiting(arrival: Arrival, why: str, now: datetime) -> None:
    """Open an alert about deliveries that cannot be read yet; without a reason they can be again, and it is over."""
    _complain(
        arrival, "waiting", "sends what cannot be read yet", {"why": text(why)}, now, at=now, firing=bool(why)
    )


def _complain(
    arrival: Arrival,
    fingerprint: str,
    what: str,
    annotations: Mapping[str, str],
    now: datetime,
    *,
    at: datetime | None = None,
    firing: bool = True,
) -> None:
    integration = arrival.integration
    alert_take(
        source=integration.source,
        fingerprint=fingerprint,
        firing=firing,
        title=f"{integration.name} {what}",
        severity=integration.severity,
        annotations=annotations,
        service=integration.service,
        url=settings.OPSCONSOLE_URL + reverse("inbound:arrival", args=[arrival.pk]),
        at=at or arrival.at,
        now=now,
        expires_at=(at or arrival.at) + TOLD_FOR,
    )
