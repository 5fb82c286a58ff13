"""Readers of the catalogue."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby
from operator import attrgetter

from django.db.models import Exists, OuterRef, QuerySet

from monitoring.catalogue.histories import Slice, Wanted, histories, joined
from monitoring.catalogue.maintenance import Maintenance, maintained
from monitoring.catalogue.models import Service, StatusChange
from monitoring.catalogue.sources import Signal, sources, states
from monitoring.catalogue.states import RANKS, TONES, Status, worst
from opsconsole.lib import clock
from opsconsole.lib.figures import counted
from opsconsole.lib.once import once
from opsconsole.lib.phrases import listed


@dataclass(frozen=True)
class Standing:
    """A service as it stands now: its worst state, since when, and the signals it is made of, worst first.

    Under maintenance it is in that state, whatever is measured meanwhile; its signals go on telling.
    """

    service: Service
    status: Status
    signals: list[Signal]
    maintenance: Maintenance | None = None

    @property
    def tone(self) -> str:
        return TONES[self.status]

    @property
    def speaking(self) -> list[Signal]:
        """The signals that are in the service's state."""
        return [s for s in self.signals if s.status == self.status]

    @property
    def since(self) -> datetime | None:
        """Trouble began with the first signal in it; a service is up since the last of its signals is."""
        if self.maintenance:
            return self.maintenance.start
        moments = [s.since for s in self.speaking if s.since]
        pick = max if self.status == Status.UP else min
        return pick(moments, default=None)

    @property
    def is_new(self) -> bool:
        """Watched, but nothing has reported a first result."""
        return self.status == Status.UNKNOWN and not any(s.since or s.detail for s in self.signals)

    @property
    def meanwhile(self) -> str:
        """“Front page is down”: the worst that is measured under maintenance, unless all is well."""
        known = [s for s in self.signals if s.status not in (Status.UP, Status.PAUSED)]
        if not known:
            return ""
        same = [s.title for s in known if s.status == known[0].status]
        return f"{listed(same, 2)} {'is' if len(same) == 1 else 'are'} {known[0].word.lower()}"

    @property
    def why(self) -> str:
        """A few words: who says so and what it saw."""
        if self.maintenance:
            seen = f"; {self.meanwhile}" if self.meanwhile else ""
            return f"{self.maintenance.sentence}{seen}"
        if not self.signals:
            return "Nothing watches it yet"
        if self.is_new:
            return f"{self.watched_by}, no result yet"
        if self.status == Status.UP:
            paused = sum(s.status == Status.PAUSED for s in self.signals)
            return f"{self.watched_by}, {f'{paused} paused' if paused else 'all well'}"
        first, who = self.speaking[0], listed([signal.title for signal in self.speaking], 1)
        detail = first.detail or ("no result yet" if first.since is None else "")
        return f"{who}: {lowered(detail)}" if detail else who

    @property
    def watched_by(self) -> str:
        """“2 probes and 1 heartbeat”."""
        kinds = Counter(s.kind for s in self.signals)
        return listed(counted(n, kind) for kind, n in sorted(kinds.items(), reverse=True))


def lowered(sentence: str) -> str:
    """A sentence as the end of another: “It answered 502.” → “it answered 502”. Names keep their capital."""
    text = sentence.strip().rstrip(".")
    small = text.startswith(("It ", "The ", "No ", "Nothing ", "Too "))
    return f"{text[:1].lower()}{text[1:]}" if small else text


def standings(services: Iterable[Service]) -> list[Standing]:
    """How services stand, the worst first, then by tier and name; one query for each kind of source, two for maintenance."""
    listed = list(services)
    by_service = signals_of({s.pk for s in listed})
    kept = maintained(clock.now())
    found = [
        Standing(s, _status(by_service[s.pk], s.pk in kept), by_service[s.pk], kept.get(s.pk)) for s in listed
    ]
    return sorted(found, key=lambda st: (RANKS[st.status], st.service.tier, st.service.name.lower()))


def _status(signals: Iterable[Signal], is_maintained: bool) -> Status:
    return Status.MAINTENANCE if is_maintained else worst(signal.status for signal in signals)


def signals_of(service_ids: Collection[int]) -> dict[int, list[Signal]]:
    by_service: dict[int, list[Signal]] = defaultdict(list)
    for source in sources:
        for signal in source(service_ids):
            by_service[signal.service_id].append(signal)
    for signals in by_service.values():
        signals.sort(key=lambda s: (RANKS[s.status], s.title.lower()))
    return by_service


def services() -> QuerySet[Service]:
    return Service.objects.select_related("owner")


def slices_of(wanted: Wanted) -> dict[int, list[Slice]]:
    """What was measured of services, by service, oldest first; spans without any measurement are absent."""
    place = attrgetter("service_id", "start")
    by_service: dict[int, list[Slice]] = defaultdict(list)
    for (service_id, _), views in groupby(merge(*(read(wanted) for read in histories), key=place), place):
        by_service[service_id].append(joined(list(views)))
    return by_service


def dependency_edges() -> dict[int, list[int]]:
    """Service id → ids it depends on."""
    edges: dict[int, list[int]] = defaultdict(list)
    for one, other in Service.depends_on.through.objects.values_list("from_service_id", "to_service_id"):
        edges[one].append(other)
    return edges


CHANGES = 20  # a page of them


def changes_of(service: Service, *, before: int | None = None) -> list[StatusChange]:
    """The newest changes of state of what watches a service; `before` is the id of the last one already shown."""
    changes = StatusChange.objects.filter(service=service).order_by("-id")
    return list(changes.filter(pk__lt=before)[:CHANGES] if before else changes[:CHANGES])


def changes_from(source: str, *, limit: int = CHANGES) -> list[StatusChange]:
    """The newest changes that one probe or heartbeat saw."""
    return list(StatusChange.objects.filter(source=source)[:limit])


def last_outage(service: Service) -> tuple[StatusChange, StatusChange | None] | None:
    """The last time something of a service went down, and the change that ended it; first of all what lasts, with None."""
    changes = StatusChange.objects.filter(service=service)
    downs = changes.filter(new=Status.DOWN).order_by("-at", "-id")
    later = StatusChange.objects.filter(source=OuterRef("source"), pk__gt=OuterRef("pk"))
    if lasting := downs.filter(~Exists(later)).last():
        return lasting, None
    began = downs.first()
    if not began:
        return None
    ended = StatusChange.objects.filter(source=began.source, pk__gt=began.pk).order_by("at", "id").first()
    return began, ended


@once
def statuses() -> dict[int, Status]:
    """The state of each service that something watches, by its id; one query, whatever the number of sources, and two for maintenance."""
    readers = [reader() for reader in states]
    found: dict[int, list[str]] = defaultdict(list)
    for service_id, status in readers[0].union(*readers[1:]) if readers else ():
        found[service_id].append(status)
    kept = maintained(clock.now())
    return {pk: Status.MAINTENANCE if pk in kept else worst(several) for pk, several in found.items()}


def status_counts() -> Counter[Status]:
    """How many services are in which state, of those that something watches."""
    return Counter(statuses().values())
