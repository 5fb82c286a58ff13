"""Writers of integrations."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from monitoring.alerts.cases import Said
from monitoring.alerts.models import Alert
from monitoring.alerts.states import Level
from monitoring.alerts.taking import AT_ONCE, alerts_take
from monitoring.catalogue.models import Service
from monitoring.inbound.models import Integration
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.batches import in_batches
from opsconsole.lib.secrets import digest

FORMER_FOR = timedelta(hours=24)


def new_key() -> str:
    """32 hex digits: 128 bits, and what tools take for a routing key of PagerDuty."""
    return secrets.token_hex(16)


@transaction.atomic
def integration_create(
    *,
    actor: Actor,
    kind: str,
    name: str,
    now: datetime,
    service: Service | None = None,
    severity: Level | int = Level.P2,
    secret: str = "",
) -> tuple[Integration, str]:
    """The row and its key, which is shown once and never stored. Raises ValidationError for a long name."""
    require(actor, Role.MANAGER)
    key = new_key()
    row = Integration(kind=kind, name=name.strip(), prefix=key[:6], digest=digest(key), created_at=now)
    row.service, row.severity, row.config = service, severity, {"secret": secret} if secret else {}
    row.clean_fields()
    row.save()
    return row, key


@transaction.atomic
def integration_update(
    *,
    actor: Actor,
    integration: Integration,
    name: str,
    service: Service | None = None,
    severity: Level | int = Level.P2,
    secret: str = "",
) -> Integration:
    """An empty secret keeps the one there is. Raises ValidationError for a long name."""
    require(actor, Role.MANAGER)
    integration.name, integration.service, integration.severity = name.strip(), service, severity
    if secret:
        integration.config = {**integration.config, "secret": secret}
    integration.clean_fields()
    integration.save(update_fields=["name", "service", "severity", "config"])
    return integration


@transaction.atomic
def integration_map(*, actor: Actor, integration: Integration, mapping: Mapping[str, Any]) -> Integration:
    """Where in the JSON each field stands. What came before is not read again."""
    require(actor, Role.MANAGER)
    integration.config = {**integration.config, "mapping": dict(mapping)}
    integration.save(update_fields=["config"])
    return integration


@transaction.atomic
def integration_key_renew(*, actor: Actor, integration: Integration, now: datetime) -> str:
    """A new key, shown once. The former one opens for another 24 hours, a former one before it no more."""
    require(actor, Role.MANAGER)
    key = new_key()
    integration.former_digest, integration.former_until = integration.digest, now + FORMER_FOR
    integration.prefix, integration.digest = key[:6], digest(key)
    integration.save(update_fields=["former_digest", "former_until", "prefix", "digest"])
    return key


@transaction.atomic
def integration_switch(*, actor: Actor, integration: Integration, on: bool) -> None:
    """Switched off, it answers as if there were no such key."""
    require(actor, Role.MANAGER)
    integration.is_active = on
    integration.save(update_fields=["is_active"])


@transaction.atomic
def integration_remove(*, actor: Actor, integration: Integration, now: datetime) -> None:
    """With it go the deliveries. What it said fires is over, because nobody could end it any more."""
    require(actor, Role.MANAGER)
    rows = list(Alert.objects.firing().filter(source=integration.source).defer("labels", "annotations"))
    for some in in_batches(rows, AT_ONCE):
        alerts_take([Said(row.source, row.fingerprint, False, row.title, now) for row in some], now=now)
    integration.delete()
