"""Writers of probes: what people do to them. What probes find is written by the engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from monitoring.catalogue.models import Service
from monitoring.catalogue.services import status_change_move, status_change_record
from monitoring.catalogue.states import Status
from monitoring.probes.kinds import kinds
from monitoring.probes.models import Probe, path_of
from monitoring.probes.sighting import first_due, regions_errors, sightings_make, sightings_restart
from monitoring.probes.together import service_days_make
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.durations import words
from opsconsole.lib.nudges import nudge

SWEEP = "probes.run_due"


@dataclass(frozen=True)
class Pace:
    """How often and how patiently a probe asks, in seconds, and how many equal results in a row change its status."""

    interval: int = 30
    retry_interval: int = 10
    timeout: int = 10
    failure_threshold: int = 2
    recovery_threshold: int = 1


@dataclass(frozen=True)
class Places:
    """The regions that a probe is asked from, by name, none for here; and how many must say that it is down, 0 for most of them."""

    regions: tuple[str, ...] = ()
    quorum: int = 0

    @property
    def named(self) -> list[str]:
        return sorted(set(self.regions))


_BOUNDS = {
    "interval": (5, 86_400, "seconds"),
    "retry_interval": (5, 86_400, "seconds"),
    "timeout": (1, 120, "seconds"),
    "failure_threshold": (1, 20, "results in a row"),
    "recovery_threshold": (1, 20, "results in a row"),
}
_DEFAULT_PACE = Pace()
_HERE = Places()


@transaction.atomic
def probe_create(
    *,
    actor: Actor,
    service: Service,
    name: str,
    config: Mapping[str, Any],
    now: datetime,
    kind: str = "http",
    secrets: Mapping[str, Any] | None = None,
    pace: Pace = _DEFAULT_PACE,
    places: Places = _HERE,
) -> Probe:
    """A probe that runs at once. Raises ValidationError by field: name, those of Pace and Places, those of the kind's config and secrets."""
    require(actor, Role.MANAGER)
    probe = Probe(service=service, kind=kind, regions=places.named, quorum=places.quorum)
    _fill(probe, name, config, dict(secrets or {}), pace)
    probe.next_at = first_due(probe, now)
    _save(probe)
    if probe.regions:
        sightings_make(probe, now)
    nudge(SWEEP)
    return probe


@transaction.atomic
def probe_update(
    *,
    actor: Actor,
    probe: Probe,
    name: str,
    config: Mapping[str, Any],
    now: datetime,
    secrets: Mapping[str, Any] | None = None,
    pace: Pace = _DEFAULT_PACE,
    service: Service | None = None,
    places: Places | None = None,
) -> Probe:
    """Change a probe and run it at once. Secrets and places that are not given stay as they are. Raises ValidationError as above."""
    require(actor, Role.MANAGER)
    fresh = _locked(probe)
    before, fresh.service = fresh.service, service or fresh.service
    if places is not None:
        fresh.regions, fresh.quorum = places.named, places.quorum
    _fill(fresh, name, config, fresh.secrets if secrets is None else dict(secrets), pace)
    fresh.revision += 1
    fresh.certificate_expires_at = fresh.certificate_seen_at = None  # it may ask another host now
    fresh.leased_until = None
    fresh.next_at = first_due(fresh, now)
    _save(fresh)
    sightings_make(fresh, now)
    if fresh.service != before:
        _move(fresh, before, now)
    nudge(SWEEP)
    return fresh


@transaction.atomic
def probe_pause(*, actor: Actor, probe: Probe, now: datetime) -> Probe:
    """Stop asking until it is resumed. Pausing a paused probe does nothing."""
    require(actor, Role.MANAGER)
    fresh = _locked(probe)
    if not fresh.is_paused:
        fresh.is_paused = True
        _restart(fresh, Status.PAUSED, f"Paused by {actor}.", now)
    return fresh


@transaction.atomic
def probe_resume(*, actor: Actor, probe: Probe, now: datetime) -> Probe:
    """Ask again, at once. Until the first answer its status is unknown."""
    require(actor, Role.MANAGER)
    fresh = _locked(probe)
    if fresh.is_paused:
        fresh.is_paused = False
        _restart(fresh, Status.UNKNOWN, f"Resumed by {actor}.", now)
        nudge(SWEEP)
    return fresh


@transaction.atomic
def probe_run_now(*, actor: Actor, probe: Probe, now: datetime) -> Probe:
    """Make it due at once, certificate and all; its rhythm stays. A paused probe stays paused. Raises ValidationError for that."""
    require(actor, Role.RESPONDER)
    fresh = _locked(probe)
    if fresh.is_paused:
        raise ValidationError("This probe is paused; resume it first.")
    fresh.next_at, fresh.certificate_seen_at = first_due(fresh, now), None  # its certificate too is read anew
    fresh.save(update_fields=["next_at", "certificate_seen_at"])
    fresh.sightings.update(next_at=now)
    nudge(SWEEP)
    return fresh


@transaction.atomic
def probe_delete(*, actor: Actor, probe: Probe, now: datetime) -> None:
    """Its results go with it, in small batches by the sweep probes.prune; its status changes stay with the service."""
    require(actor, Role.MANAGER)
    fresh = _locked(probe)
    if not fresh.is_paused:
        _restart(fresh, Status.PAUSED, f"Deleted by {actor}.", now)
    fresh.delete()
    service_days_make([fresh.service_id])


def _locked(probe: Probe) -> Probe:
    return Probe.objects.select_for_update(of=("self",)).select_related("service").get(pk=probe.pk)


def _restart(probe: Probe, status: Status, reason: str, now: datetime) -> None:
    """Forget the evidence so far, which the time without looking makes worthless, and take a new status."""
    status_change_record(
        service_id=probe.service_id,
        source=probe.source,
        title=probe.name,
        old=Status(probe.status),
        new=status,
        reason=reason,
        at=now,
        noticed_at=now,
        evidence_url=path_of(probe.pk),
    )
    probe.status, probe.status_since = status, now
    probe.last_outcome, probe.last_error, probe.streak, probe.streak_since = "", "", 0, None
    probe.last_at = probe.settled_until = probe.leased_until = None
    probe.next_at = None if status == Status.PAUSED else first_due(probe, now)
    probe.save()
    sightings_restart(probe, now)


def _move(probe: Probe, before: Service, now: datetime) -> None:
    """Its days and its trouble go along to another service."""
    service_days_make([before.pk, probe.service.pk])
    status_change_move(
        source=probe.source,
        title=probe.name,
        status=Status(probe.status),
        reason=probe.last_error,
        before=before,
        after=probe.service,
        now=now,
        url=path_of(probe.pk),
    )


def _fill(probe: Probe, name: str, config: Mapping[str, Any], secrets: dict[str, Any], pace: Pace) -> None:
    """Raises ValidationError for all that is wrong at once."""
    least = getattr(kinds.get(probe.kind), "least_interval", 0)
    errors = _pace_errors(pace, least) | regions_errors(probe.regions, probe.quorum)
    if not 1 <= len(name.strip()) <= 80:
        errors["name"] = "Give it a name of up to 80 characters."
    try:
        kind = kinds[probe.kind]
        probe.config, probe.secrets = kind.clean(dict(config), secrets)
    except KeyError as error:
        errors["kind"] = str(error.args[0])
    except ValidationError as error:
        errors |= {field: messages[0] for field, messages in error.message_dict.items()}
    if errors:
        raise ValidationError(errors)
    probe.name = name.strip()
    for field in _BOUNDS:
        setattr(probe, field, getattr(pace, field))
    probe.retry_interval = min(max(pace.retry_interval, least), pace.interval)


def _pace_errors(pace: Pace, least: int) -> dict[str, str]:
    seldom = (
        {"interval": f"It can be asked every {words(least)} at the most."} if pace.interval < least else {}
    )
    return seldom | {
        field: f"Choose from {low:,} to {high:,} {unit}."
        for field, (low, high, unit) in _BOUNDS.items()
        if not low <= getattr(pace, field) <= high
    }


def _save(probe: Probe) -> None:
    """The database decides whether a name is taken: two people may press the button at once."""
    try:
        with transaction.atomic():
            probe.save()
    except IntegrityError:
        taken = f"{probe.service} has a probe of this name already; choose another."
        raise ValidationError({"name": taken}) from None
