"""Writers of sources, as people decide them."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from monitoring.catalogue.models import Service
from monitoring.metrics import fetches
from monitoring.metrics.models import Series, Source
from monitoring.metrics.sources import Kind, Values
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib import nudges

MOST_SOURCES = 500
SWEEP = "metrics.read_sources"


def split(kind: Kind, given: Values, kept: Values) -> tuple[Values, Values]:
    """Config and secrets. A secret that is left empty stays as it was."""
    hidden = set(kind.form.secret)
    secrets = {name: given.get(name) or kept.get(name, "") for name in hidden}
    return {name: value for name, value in given.items() if name not in hidden}, {
        n: v for n, v in secrets.items() if v
    }


@transaction.atomic
def source_save(
    *,
    actor: Actor,
    source: Source | None,
    kind: Kind,
    given: Values,
    name: str,
    metric: str,
    unit: str,
    service: Service | None,
    interval: timedelta,
    now: datetime,
) -> Source:
    """Make a source, or change one; it is read at once. Raises ValidationError, by field."""
    require(actor, Role.MANAGER)
    row = Source.objects.select_for_update().get(pk=source.pk) if source else Source(kind=kind.name)
    if not source and Source.objects.count() >= MOST_SOURCES:
        raise ValidationError(f"There are {MOST_SOURCES} sources, which is the most.")
    row.config, row.secrets = split(kind, given, dict(row.secrets) if source else {})
    row.metric = _free(metric or fetches.metric_name(name), row)
    row.name, row.unit, row.service, row.interval = name, unit or kind.unit, service, interval
    row.next_at, row.leased_until, row.failures, row.last_error = now, None, 0, ""
    row.save()
    Series.objects.filter(source=row).update(every=interval)
    nudges.nudge(SWEEP)
    return row


def _free(metric: str, row: Source) -> str:
    """Raises ValidationError where another source or a program feeds it already."""
    if Source.objects.filter(metric=metric).exclude(pk=row.pk).exists():
        raise ValidationError({"metric": f"Another source feeds {metric} already: choose another name."})
    others = Q(key__isnull=False) | (Q(source__isnull=False) & ~Q(source_id=row.pk or 0))
    if Series.objects.filter(others, name=metric).exists():
        raise ValidationError(
            {"metric": f"{metric} is fed already, by a program or another source: choose another name."}
        )
    return metric


@transaction.atomic
def source_pause(*, actor: Actor, source: Source, is_paused: bool, now: datetime) -> None:
    """A source that is resumed is read at once."""
    require(actor, Role.MANAGER)
    row = Source.objects.select_for_update().get(pk=source.pk)
    row.is_paused, row.next_at, row.leased_until = is_paused, now, None
    row.save(update_fields=["is_paused", "next_at", "leased_until"])
    nudges.nudge(SWEEP)


@transaction.atomic
def source_remove(*, actor: Actor, source: Source) -> None:
    """It is asked no more; the series that it fed stay, with what was kept."""
    require(actor, Role.MANAGER)
    source.delete()


def source_try(
    *,
    actor: Actor,
    kind: Kind,
    given: Values,
    kept: Values,
    name: str,
    metric: str,
    unit: str,
    now: datetime,
    **_: Any,
) -> fetches.Read:
    """Read once, save nothing."""
    require(actor, Role.MANAGER)
    config, secrets = split(kind, given, kept)
    return fetches.read(
        kind, config | secrets, metric=metric or fetches.metric_name(name), unit=unit or kind.unit, now=now
    )
