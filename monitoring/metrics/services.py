"""Writers of keys and of what people say about a series. Samples are written by `writing`."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from monitoring.catalogue.models import Service
from monitoring.metrics.models import Bucket, PushKey, Series, Stale
from monitoring.metrics.states import Kind, statistic_of
from monitoring.metrics.stores import writing
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, person, require
from opsconsole.lib.secrets import digest, new_token
from opsconsole.measures.verdicts import Rule

MOST_KEYS = 200


@transaction.atomic
def key_create(*, actor: Actor, name: str, service: Service | None) -> tuple[PushKey, str]:
    """A key, and its text, which is kept nowhere. New series that come by it belong to the service. Raises ValidationError."""
    require(actor, Role.MANAGER)
    if PushKey.objects.filter(revoked_at=None).count() >= MOST_KEYS:
        raise ValidationError(
            f"There are {MOST_KEYS} open keys, which is the most: revoke those that nobody uses."
        )
    token = new_token(32)
    key = PushKey.objects.create(
        name=name, service=service, prefix=token[:6], digest=digest(token), made_by=person(actor)
    )
    return key, token


@transaction.atomic
def key_revoke(*, actor: Actor, key: PushKey, now: datetime) -> None:
    """Whoever pushes with it is refused within two seconds; its series stay."""
    require(actor, Role.MANAGER)
    key.revoked_at = key.revoked_at or now
    key.save(update_fields=["revoked_at"])


@transaction.atomic
def series_update(
    *,
    actor: Actor,
    series: Series,
    title: str,
    kind: str,
    unit: str,
    service: Service | None,
    part: str,
    board: str,
    statistic: str,
    better: str,
    target: float | None,
    limit: float | None,
    every: timedelta | None,
    now: datetime,
) -> Series:
    """Raises ValidationError, by field."""
    require(actor, Role.MANAGER)
    found = Series.objects.select_for_update().get(pk=series.pk)
    _check_rule(better, target, limit)
    _turn(found, kind, now)
    found.title, found.unit, found.service = title, unit, service
    found.part, found.board = part, board
    found.statistic = statistic_of(kind, statistic)
    found.better, found.target, found.limit, found.every = better, target, limit, every
    found.save()
    return found


def _check_rule(better: str, target: float | None, limit: float | None) -> None:
    try:
        Rule(better, target, limit)
    except ValueError as error:
        raise ValidationError({"limit": str(error)}) from None


def _turn(series: Series, kind: str, now: datetime) -> None:
    """What was added up of a counter is how much it grew, of the others their values: one cannot become the other."""
    if kind == series.kind:
        return
    if Kind.COUNTER in (kind, series.kind) and Bucket.objects.filter(series_id=series.pk).exists():
        raise ValidationError(
            {
                "kind": "What is kept of it was added up as what it was: remove the series, and it begins anew with the next sample."
            }
        )
    series.kind, series.changed_at = kind, now


def series_remove(*, actor: Actor, series: Series) -> None:
    """It is gone with all that was kept. A sample that still comes makes it anew."""
    require(actor, Role.MANAGER)
    with writing():
        Bucket.objects.filter(series_id=series.pk).delete()
        Stale.objects.filter(series_id=series.pk).delete()
        series.delete()
