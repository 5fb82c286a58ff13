"""What is probably behind an incident: dependencies that fail, other services that fail now, earlier incidents like it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from incidents.response.models import Incident
from incidents.response.selectors import similar, upstream
from monitoring.catalogue.models import Service
from monitoring.catalogue.selectors import statuses
from monitoring.catalogue.sentences import state
from monitoring.catalogue.states import Status
from opsconsole.lib.durations import rough
from opsconsole.lib.phrases import listed
from opsconsole.lib.registry import Registry

Learnt = Callable[[Collection[int]], dict[int, str]]
learnt: Registry[Learnt] = Registry("reader of what was learnt")
"""Readers that tell, for ids of incidents, their root causes in a few words; a higher noun knows them."""


@dataclass(frozen=True)
class Cause:
    """`lead` links to `url`; `before` and `rest` complete the sentence."""

    lead: str
    rest: str
    url: str = ""
    before: str = ""


def causes_of(incident: Incident, affected: Collection[Service]) -> list[Cause]:
    """The likeliest first."""
    return [*_services(incident, affected), *_earlier(incident)]


def _services(incident: Incident, affected: Collection[Service]) -> list[Cause]:
    """Only while it lasts: what fails now says nothing about an incident that is over."""
    if not incident.is_live() or incident.mitigated_at:
        return []
    mine = {service.pk for service in affected}
    bad = {pk: s for pk, s in statuses().items() if s in _FAILING and pk not in mine}
    failing = [(service, bad[service.pk]) for service in Service.objects.filter(pk__in=bad)] if bad else []
    above = upstream(*affected) if failing else set()
    needed = [_dependency(s, status) for s, status in failing if s.pk in above]
    down = [s for s, status in failing if s.pk not in above and status == Status.DOWN]
    return needed + (_others(down) if down else [])


_FAILING = {Status.DOWN, Status.DEGRADED, Status.MAINTENANCE}


def _dependency(service: Service, status: Status) -> Cause:
    url = reverse("catalogue:detail", args=[service.slug])
    return Cause(service.name, f", which this depends on, is {state(status)} too.", url)


def _others(down: list[Service]) -> list[Cause]:
    names, verb = listed([service.name for service in down], 3), "is" if len(down) == 1 else "are"
    return [Cause(names, f" {verb} down at the same time.", reverse("catalogue:list"))]


def _earlier(incident: Incident) -> list[Cause]:
    found = similar(incident)
    reasons: dict[int, str] = {}
    for read in learnt:
        reasons |= read([i.pk for i in found])
    return [_like(i, reasons.get(i.pk, "")) for i in found]


def _like(incident: Incident, reason: str) -> Cause:
    when = timezone.localtime(incident.detected_at)
    over = (
        f", over after {rough(incident.resolved_at - incident.detected_at)}" if incident.resolved_at else ""
    )
    url = reverse("response:detail", args=[incident.number])
    rest = f" of {when.day} {when:%B %Y}: {reason or 'the same service'}{over}."
    return Cause(str(incident), rest, url, "Looks like " if reason else "Like ")
