"""What people do with rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from monitoring.alerts.judging import rule_say
from monitoring.alerts.models import Rule
from monitoring.alerts.rules import kinds
from monitoring.alerts.rules.base import Verdict
from monitoring.catalogue.models import Service
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.nudges import nudge

SWEEP = "alerts.judge"


def config_of(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a kind asks for, out of the values of its form: spans become seconds."""
    chosen = {name: given[name] for name in kinds[kind].fields}
    return {n: v.total_seconds() if isinstance(v, timedelta) else v for n, v in chosen.items()}


@transaction.atomic
def rule_create(
    *, actor: Actor, kind: str, name: str, subject: str, severity: int, service: Service | None, now: datetime, **given: Any
) -> Rule:  # fmt: skip
    """`given` are the values of the kind's own fields. Raises ValidationError for a kind there is not."""
    require(actor, Role.MANAGER)
    if kind not in kinds:
        raise ValidationError("There is no such kind of rule.")
    config = config_of(kind, given)
    fields = {"name": name.strip(), "subject": subject, "severity": severity, "service": service}
    nudge(SWEEP)
    return Rule.objects.create(kind=kind, config=config, since=now, due_at=now, **fields)


@transaction.atomic
def rule_update(
    *, actor: Actor, rule: Rule, name: str, subject: str, severity: int, service: Service | None, now: datetime, **given: Any
) -> Rule:  # fmt: skip
    """It is judged anew at once; what fires by its old words ends."""
    require(actor, Role.MANAGER)
    row = _quiet(rule, "The rule was changed.", now)
    row.name, row.subject, row.severity, row.service = name.strip(), subject, severity, service
    row.config, row.due_at = config_of(row.kind, given), now
    row.save()
    nudge(SWEEP)
    return row


@transaction.atomic
def rule_switch(*, actor: Actor, rule: Rule, on: bool, now: datetime) -> None:
    """Off, it is not judged, and what it says ends."""
    require(actor, Role.MANAGER)
    row = _quiet(rule, "The rule was switched off.", now)
    row.is_on, row.due_at = on, now
    row.save()
    nudge(SWEEP)


@transaction.atomic
def rule_remove(*, actor: Actor, rule: Rule, now: datetime) -> None:
    """Its alerts stay in the history."""
    require(actor, Role.MANAGER)
    _quiet(rule, "The rule was removed.", now).delete()


def _quiet(rule: Rule, sentence: str, now: datetime) -> Rule:
    """The row, locked; what it said is over, and what is true is not known until it is judged."""
    row = Rule.objects.select_for_update(of=("self",)).select_related("service").get(pk=rule.pk)
    rule_say(row, False, sentence, now)
    row.verdict, row.since, row.sentence = Verdict.UNKNOWN, now, ""
    return row
