"""Readers of integrations."""

import re
from datetime import datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from monitoring.inbound.models import Arrival, Integration
from opsconsole.lib.secrets import digest


def opened_by(key: str, now: datetime) -> Integration | None:
    """The integration that a key opens, whatever its kind. Found by the key's digest: how long it takes tells nothing of any key."""
    mark = digest(key)
    former = Q(former_digest=mark, former_until__gt=now)
    return (
        Integration.objects.filter(Q(digest=mark) | former, is_active=True).select_related("service").first()
    )


_KEYS = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


def sender_in(content: bytes, kind: str, now: datetime) -> tuple[Integration, str] | None:
    """The integration of a kind whose key stands somewhere in what cannot be read, and that key. Five keys are tried."""
    for key in [found.decode() for found in dict.fromkeys(_KEYS.findall(content))][:5]:
        found = opened_by(key, now)
        if found and found.kind == kind:
            return found, key
    return None


def integrations() -> QuerySet[Integration]:
    """Those that sent last first, each with the fate and the note of its last delivery."""
    last = Arrival.objects.filter(integration=OuterRef("pk")).order_by("-id")
    rows = Integration.objects.select_related("service")
    rows = rows.annotate(
        last_fate=Subquery(last.values("fate")[:1]), last_note=Subquery(last.values("note")[:1])
    )
    return rows.order_by("-is_active", F("received_at").desc(nulls_last=True), "name")


def arrivals(integration: Integration) -> QuerySet[Arrival]:
    """Newest first, without their bodies."""
    return Arrival.objects.filter(integration=integration).defer("packed")
