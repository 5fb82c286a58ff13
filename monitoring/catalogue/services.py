"""Writers of the catalogue."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from monitoring.catalogue.links import Link
from monitoring.catalogue.models import Service, StatusChange, Tier
from monitoring.catalogue.selectors import dependency_edges
from monitoring.catalogue.states import Status, path_between
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.nudges import nudge
from opsconsole.lib.slugs import free_slug

SWEEP = "response.changes_consume"
_TAKEN_BY_PAGES = frozenset({"new"})


@transaction.atomic
def service_create(
    *,
    actor: Actor,
    name: str,
    tier: Tier | int = Tier.IMPORTANT,
    owner: User | None = None,
    description: str = "",
    runbook_url: str = "",
    uptime_target: Decimal | str = Decimal("99.9"),
    links: Sequence[Link] = (),
    requirements: Sequence[str] = (),
    depends_on: Collection[Service] = (),
) -> Service:
    """Raises ValidationError, by field, for a name in use or a target out of range."""
    require(actor, Role.MANAGER)
    service = Service(
        name=name.strip(),
        slug=free_slug(name, Service.objects.all(), instead="service", reserved=_TAKEN_BY_PAGES),
        tier=tier,
        owner=owner,
        description=description,
        runbook_url=runbook_url,
        uptime_target=Decimal(uptime_target),
        links=list(links),
        requirements=list(requirements),
    )
    _save(service)
    service.depends_on.set(depends_on)
    return service


@transaction.atomic
def service_update(
    *,
    actor: Actor,
    service: Service,
    name: str,
    tier: Tier | int,
    owner: User | None,
    description: str,
    runbook_url: str,
    uptime_target: Decimal | str,
    links: Sequence[Link],
    requirements: Sequence[str],
    depends_on: Collection[Service],
) -> Service:
    """The slug stays, so that links stay. Raises ValidationError also for dependencies that would form a circle."""
    require(actor, Role.MANAGER)
    _refuse_circle(service, depends_on)
    service.name, service.tier, service.owner = name.strip(), tier, owner
    service.description, service.runbook_url = description, runbook_url
    service.uptime_target = Decimal(uptime_target)
    service.links, service.requirements = list(links), list(requirements)
    _save(service)
    service.depends_on.set(depends_on)
    return service


def service_delete(*, actor: Actor, service: Service) -> None:
    """With it go its probes, its heartbeats and what they measured; its incidents stay, without a service."""
    require(actor, Role.MANAGER)
    service.delete()


def _save(service: Service) -> None:
    """The database decides whether a name is taken: two people may press the button at once."""
    service.clean_fields()
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError:
        raise ValidationError({"name": f"There is a service named “{service.name}” already."}) from None


def _refuse_circle(service: Service, depends_on: Collection[Service]) -> None:
    edges = dependency_edges()
    for wanted in depends_on:
        if way := path_between(edges, wanted.pk, service.pk):
            names: dict[Any, str] = dict(Service.objects.filter(pk__in=way).values_list("pk", "name"))
            raise ValidationError({"depends_on": _circle([names[pk] for pk in way])})


def _circle(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} cannot depend on itself."
    return (
        f"{names[-1]} cannot depend on {names[0]}, because {' → '.join(names)} is there already: "
        "take one of these away first."
    )


def status_change_record(
    *,
    service_id: int,
    source: str,
    title: str,
    old: Status,
    new: Status,
    reason: str,
    at: datetime,
    noticed_at: datetime,
    evidence_url: str = "",
) -> StatusChange:
    """Record a change of state; call it in the transaction that writes the new state. It nudges whoever consumes changes."""
    nudge(SWEEP)
    return StatusChange.objects.create(
        service_id=service_id,
        source=source,
        title=title,
        old=old,
        new=new,
        reason=reason,
        at=at,
        noticed_at=noticed_at,
        evidence_url=evidence_url,
    )


def status_change_move(
    *,
    source: str,
    title: str,
    status: Status,
    reason: str,
    before: Service,
    after: Service,
    now: datetime,
    url: str,
) -> None:
    """What watched one service watches another: trouble goes along, so that the one waits for nothing and the other hears of it.

    To the one it left it is as if it were paused. Call it in the transaction that moves it.
    """
    if before == after or status in (Status.UP, Status.PAUSED):
        return
    record = partial(
        status_change_record, source=source, title=title, at=now, noticed_at=now, evidence_url=url
    )
    record(service_id=before.pk, old=status, new=Status.PAUSED, reason=f"It watches {after} now.")
    record(service_id=after.pk, old=Status.PAUSED, new=status, reason=reason)
