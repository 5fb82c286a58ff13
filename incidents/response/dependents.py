"""What depends on what failed. It stays silent meanwhile, and the message of the failure names it.

Everything by a constant number of queries, however much depends on it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from incidents.response.models import Incident
from incidents.response.selectors import not_up
from monitoring.alerts.states import State
from monitoring.catalogue.models import Service
from monitoring.catalogue.selectors import dependency_edges
from opsconsole.lib.phrases import listed

NAMED = 10


@dataclass(frozen=True)
class Dependents:
    """Services that depend on one, directly and through others: those that are not up, and the others."""

    down: list[Service] = field(default_factory=list)
    others: list[Service] = field(default_factory=list)

    @property
    def number(self) -> int:
        return len(self.down) + len(self.others)

    @property
    def sentences(self) -> list[str]:
        """“Down with it: Search and Docs.”, “Silent while it lasts: API, Mail and 37 more.”"""
        said = (("Down with it", self.down), ("Silent while it lasts", self.others))
        return [f"{what}: {listed(services, NAMED)}." for what, services in said if services]

    @property
    def data(self) -> dict[str, object]:
        """For machines."""
        named = [service.slug for service in [*self.down, *self.others][: 2 * NAMED]]
        return {"number": self.number, "down": len(self.down), "services": named}


def dependents_of(service: Service | None) -> Dependents:
    """The most important first."""
    ids = downstream(service.pk, dependency_edges()) if service else set()
    if not ids:
        return Dependents()
    found = list(Service.objects.filter(pk__in=ids))
    failing = {signal.service_id for signal in not_up(list(ids))}
    return Dependents(
        [one for one in found if one.pk in failing], [one for one in found if one.pk not in failing]
    )


def downstream(service_id: int, edges: Mapping[int, Collection[int]]) -> set[int]:
    """Ids of what depends on it; never itself, also where it depends on itself in a circle."""
    supports: dict[int, list[int]] = defaultdict(list)
    for one, needed in edges.items():
        for other in needed:
            supports[other].append(one)
    found: set[int] = set()
    ahead = [service_id]
    while ahead:
        ahead = [one for below in ahead for one in supports.get(below, ()) if one not in found]
        found.update(ahead)
    return found - {service_id}


def left_behind(incident: Incident) -> list[Service]:
    """What the incident touches that is not up, or of which alerts fire, though all that it depends on and that failed with it is up again."""
    affected = {service.pk: service for service in incident.affected.all()}
    failing = {signal.service_id for signal in not_up(list(affected))}
    firing = incident.alerts.filter(state=State.FIRING, service__in=affected)
    failing |= set(firing.values_list("service_id", flat=True))
    if not failing or failing == affected.keys():
        return []
    edges = dependency_edges()
    children = {one for pk in affected.keys() - failing for one in downstream(pk, edges)}
    waiting = {one for pk in failing for one in downstream(pk, edges)}
    return [service for pk, service in affected.items() if pk in (failing & children) - waiting]
