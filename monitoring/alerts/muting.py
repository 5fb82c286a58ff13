"""What nobody is told of at a moment, why, and until when: silences and maintenance windows. Read once for many questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitoring.alerts.matching import all_hold
from monitoring.alerts.models import Alert, Silence, Window
from monitoring.alerts.states import Level
from monitoring.catalogue.maintenance import Maintenance
from monitoring.catalogue.models import StatusChange
from opsconsole.lib.calendars import BadSchedule


@dataclass(frozen=True)
class Mute:
    """`words` complete “nobody is told:”."""

    words: str
    ends_at: datetime


class Mutes:
    """All that are in force at a moment; three queries at the most."""

    def __init__(self, moment: datetime) -> None:
        self.silences = list(Silence.objects.filter(starts_at__lte=moment, ends_at__gt=moment))
        rows = Window.objects.filter(starts_at__lte=moment, until__gt=moment).prefetch_related("services")
        self.windows = [(window, span) for window in rows if (span := running(window, moment))]
        self._services = {
            service.pk: Mute(f"maintenance, {window.reason} ({window.signature})", span[1])
            for window, span in sorted(self.windows, key=lambda pair: pair[1][1])
            for service in window.services.all()
        }

    @property
    def services(self) -> set[int]:
        """Ids of those that are maintained."""
        return set(self._services)

    def of(self, labels: Mapping[str, str], service_id: int | None) -> Mute | None:
        """The one that ends last."""
        found = [
            Mute(f"silenced, {s.reason} ({s.signature})", s.ends_at)
            for s in self.silences
            if all_hold(s.rules, labels)
        ]
        if service_id in self._services:
            found.append(self._services[service_id])
        return max(found, key=lambda mute: mute.ends_at, default=None)

    def of_alert(self, alert: Alert) -> Mute | None:
        return self.of(labels_of(alert), alert.service_id)

    def of_change(self, change: StatusChange) -> Mute | None:
        kind = change.source.partition(":")[0]
        own = {
            "service": change.service.slug,
            "source": change.source,
            "kind": kind,
            "alertname": change.title,
        }
        return self.of(own, change.service_id)

    def __bool__(self) -> bool:
        return bool(self.silences or self._services)


def running(window: Window, moment: datetime) -> tuple[datetime, datetime] | None:
    """A schedule that cannot be read any more mutes nothing: rather told too much."""
    try:
        return window.recurrence.running(moment)
    except BadSchedule:
        return None


def labels_of(alert: Alert) -> dict[str, str]:
    """Its own labels, and what the console knows of it where it has none of that name."""
    own = {"source": alert.source, "alertname": alert.title}
    if alert.service:
        own["service"] = alert.service.slug
    if alert.severity is not None:
        own["severity"] = Level(alert.severity).label
    return own | {name: str(value) for name, value in alert.labels.items()}


def planned(start: datetime, end: datetime) -> list[Maintenance]:
    """For the catalogue: every service's maintenance that touches [start, end); two queries."""
    rows = Window.objects.filter(starts_at__lt=end, until__gt=start).prefetch_related("services")
    return [
        Maintenance(service.pk, begin, finish, window.reason, window.signature)
        for window in rows
        for begin, finish in times(window, start, end)
        for service in window.services.all()
    ]


def times(window: Window, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """As `running` has it, of a span."""
    try:
        return list(window.recurrence.times(start, end))
    except BadSchedule:
        return []
