"""What many changes of state mean, by what was read once for all of them: which only add to incidents that are live.

It says nothing of a change that opens, calls up or ends something by itself, or that joins what everybody has to hear of:
consuming.py handles that one alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from incidents.response.consuming import STALE
from incidents.response.finding import held, storm, young
from incidents.response.models import Incident
from incidents.response.selectors import above
from incidents.response.states import REOPEN_WITHIN, Status
from monitoring.alerts.muting import Mutes
from monitoring.catalogue import states as watched
from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.selectors import dependency_edges

STORMY = "several services fail at once"


@dataclass(frozen=True)
class Place:
    """Where a change belongs: the live incident that it is a line of, None for nobody's; why its service joins it, if it does."""

    row: Incident | None
    because: str = ""


class Outlook:
    """Read in the transaction that handles the changes, behind the lock of all openings; live incidents are held by it."""

    def __init__(self, changes: Sequence[StatusChange], now: datetime) -> None:
        self.now, self.mutes = now, dict[datetime, Mutes]()
        self.live = {row.pk: row for row in held().live().order_by("pk")}
        self.of = self._touched()
        self.edges = dependency_edges()
        self.overtaken, self.left, self.recent = _overtaken(changes), _left(changes), _recent(changes)
        head = storm(now)
        self.head = self.live.get(head.pk) if head else None
        self.causes = self._causes()

    def places(self, changes: Sequence[StatusChange]) -> list[tuple[StatusChange, Place]]:
        """Of the first of them, up to one that stands alone, or before which something came up again that it asks for."""
        found: list[tuple[StatusChange, Place]] = []
        seen, eased = set[str](), set[Incident]()
        for change in changes:
            place = None if change.source in seen or self._is_muted(change) else self._place(change)
            if place is None or (change.new == watched.Status.DOWN and _is_open_again(place, eased)):
                break
            seen.add(change.source)
            if change.new == watched.Status.UP and place.row:
                eased.add(place.row)
            if place.row and place.because:
                self.of.setdefault(change.service_id, place.row)
            found.append((change, place))
        return found

    def _place(self, change: StatusChange) -> Place | None:
        own = self.of.get(change.service_id)
        match change.new:
            case watched.Status.DOWN:
                return self._down(change, own)
            case watched.Status.UP:
                return Place(own) if own or change.service_id not in self.left else None
            case watched.Status.PAUSED:
                return None
            case _:
                return Place(own)

    def _down(self, change: StatusChange, own: Incident | None) -> Place | None:
        service = change.service_id
        if own:
            is_news = own.mitigated_at or self.now - own.opened_at > STALE
            return None if is_news or change.source in self.overtaken else Place(own)
        needed = [self.of[one] for one in above([service], self.edges) if one in self.of]
        cause = min((row for row in needed if not row.mitigated_at), key=lambda row: row.number, default=None)
        if change.source in self.overtaken or (service in self.recent and not cause):
            return None
        if cause:
            return Place(cause, f"it depends on {cause.service or 'what failed'}")
        return Place(self.head, STORMY) if self.head and service not in self.causes else None

    def _is_muted(self, change: StatusChange) -> bool:
        at = change.noticed_at
        if at not in self.mutes:
            self.mutes[at] = Mutes(at)
        return self.mutes[at].of_change(change) is not None

    def _touched(self) -> dict[int, Incident]:
        """The first live incident of each service, by the service's id."""
        rows = Incident.affected.through.objects.filter(incident__in=self.live)
        pairs = rows.order_by("-incident__number").values_list("service_id", "incident_id")
        return {service: self.live[incident] for service, incident in pairs}

    def _causes(self) -> set[int]:
        """What those depend on that failed a moment ago: its own failure would take them in."""
        fresh = young(self.now).filter(status=Status.OPEN, mitigated_at=None) if self.head else []
        return {up for row in fresh if row.service_id for up in above([row.service_id], self.edges)}


def _is_open_again(place: Place, eased: Collection[Incident]) -> bool:
    """Whether a failure belongs elsewhere if something of these incidents is over: they may be, and so may be the storm."""
    return place.row in eased or (place.because == STORMY and bool(eased))


def _overtaken(changes: Sequence[StatusChange]) -> set[str]:
    """Sources of which something later has been handled."""
    first = min(change.pk for change in changes)
    later = StatusChange.objects.filter(pk__gt=first, handled_at__isnull=False)
    return set(later.filter(source__in=[c.source for c in changes]).values_list("source", flat=True))


def _left(changes: Sequence[StatusChange]) -> set[int]:
    """Services of which perhaps somebody resolved an incident too early."""
    resolved = Incident.objects.filter(status=Status.RESOLVED, mitigated_at=F("resolved_at"))
    rows = Incident.affected.through.objects.filter(incident__in=resolved.filter(resolved_by_machine=False))
    return set(rows.filter(service__in=_services(changes)).values_list("service_id", flat=True))


def _recent(changes: Sequence[StatusChange]) -> set[int]:
    """Services of which perhaps the console resolved an incident a moment before."""
    since = min(change.at for change in changes) - REOPEN_WITHIN
    keys = [f"service:{service}" for service in _services(changes)]
    rows = Incident.objects.filter(dedup_key__in=keys, resolved_by_machine=True, mitigated_at__gte=since)
    return {int(key.partition(":")[2]) for key in rows.values_list("dedup_key", flat=True)}


def _services(changes: Sequence[StatusChange]) -> set[int]:
    return {change.service_id for change in changes}
