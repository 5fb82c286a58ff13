"""What people do with rules by which one alert silences others."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from monitoring.alerts.groups import look_again
from monitoring.alerts.matching import BadMatcher, label_names, parse, stored
from monitoring.alerts.models import Inhibition
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, person, require


@transaction.atomic
def inhibition_create(
    *, actor: Actor, reason: str, source: str, target: str, equal: str, now: datetime
) -> Inhibition:
    """`source` and `target` are matchers, one a line; `equal` names labels. Raises ValidationError, by field."""
    return _save(Inhibition(), actor, meant(reason, source, target, equal), now)


@transaction.atomic
def inhibition_update(
    *, actor: Actor, inhibition: Inhibition, reason: str, source: str, target: str, equal: str, now: datetime
) -> Inhibition:
    """What it does not silence any more is told now. Raises ValidationError, by field."""
    return _save(inhibition, actor, meant(reason, source, target, equal), now)


@transaction.atomic
def inhibition_remove(*, actor: Actor, inhibition: Inhibition, now: datetime) -> None:
    """What it kept silent and still fires is told now."""
    require(actor, Role.MANAGER)
    inhibition.delete()
    look_again(now)


def _save(row: Inhibition, actor: Actor, values: dict[str, Any], now: datetime) -> Inhibition:
    require(actor, Role.MANAGER)
    for name, value in values.items():
        setattr(row, name, value)
    row.author, row.signature, row.changed_at = person(actor), str(actor)[:100], now
    row.save()
    look_again(now)
    return row


def meant(reason: str, source: str, target: str, equal: str) -> dict[str, Any]:
    """The fields of a rule, out of what was typed. Raises ValidationError, by field."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why, for whoever wonders that nobody was told."})
    sides = {"source": _matchers("source", source), "target": _matchers("target", target)}
    return {"reason": reason.strip(), "equal": _labels(equal), **sides}


def _matchers(field: str, text: str) -> list[list[str]]:
    try:
        return stored(parse(text))
    except BadMatcher as error:
        raise ValidationError({field: str(error)}) from None


def _labels(text: str) -> list[str]:
    try:
        return label_names(text)
    except ValueError as error:
        raise ValidationError({"equal": str(error)}) from None
