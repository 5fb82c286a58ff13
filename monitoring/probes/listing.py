"""Probes page by page, the worst first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)

from monitoring.catalogue.maintenance import maintained
from monitoring.catalogue.states import ORDER, Status
from monitoring.probes.models import Probe
from monitoring.probes.selectors import expires_before
from monitoring.probes.standing import kept_of, shown, shown_of, unsaid
from opsconsole.lib.ids import id_of


@dataclass(frozen=True)
class Page:
    """Rows, and the cursor of the next page; "" when this is the last."""

    rows: list[Probe]
    next: str = ""


LISTED = (
    "name", "kind", "config", "status", "status_since", "last_error", "last_ms", "certificate_expires_at", "service__name",
    "is_paused", "next_at", "interval", "timeout", "last_outcome", "streak", "retry_interval", "failure_threshold",
    "recovery_threshold", "regions",
)  # fmt: skip


def probes_page(
    *,
    now: datetime,
    service_id: int | None = None,
    status: str = "",
    search: str = "",
    expiring: datetime | None = None,
    after: str = "",
    limit: int = 50,
) -> Page:
    """Probes with what a list shows of them (LISTED), the worst first, then by name. `after` is a cursor of an earlier page.

    expiring: only those whose certificate ends before it.
    """
    kept = maintained(now)
    rows = _ranked(now, kept).select_related("service").only(*LISTED)
    if expiring:
        rows = rows.filter(expires_before(expiring))
    if service_id is not None:
        rows = rows.filter(service_id=service_id)
    if status:
        rows = rows.filter(said=status)
    if search:
        rows = rows.filter(
            Q(name__icontains=search)
            | Q(service__name__icontains=search)
            | Q(config__url__icontains=search)
            | Q(config__host__icontains=search)
        )
    found = list(_after(rows, after).order_by("rank", "name", "id")[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], _cursor(found[limit - 1], now, kept) if more else "")


def _ranked(now: datetime, kept: Collection[int]) -> "QuerySet[Any]":
    is_kept = When(kept_of(kept), then=Value(ORDER.index(Status.MAINTENANCE)))
    is_unsaid = When(unsaid(now), then=Value(ORDER.index(Status.UNKNOWN)))
    whens = [When(status=status, then=Value(rank)) for rank, status in enumerate(ORDER)]
    return Probe.objects.alias(said=shown(now, kept)).annotate(
        rank=Case(is_kept, is_unsaid, *whens, output_field=IntegerField())
    )


def _cursor(row: Probe, now: datetime, kept: Collection[int]) -> str:
    return f"{ORDER.index(shown_of(row, now, kept))}.{row.pk}.{row.name}"


def _after(rows: "QuerySet[Any]", cursor: str) -> "QuerySet[Any]":
    """What comes after a cursor; everything for one that cannot be read."""
    place, _, rest = cursor.partition(".")
    last, _, name = rest.partition(".")
    rank, pk = id_of(place), id_of(last)
    if rank is None or pk is None:
        return rows
    later = Q(rank=rank) & (Q(name__gt=name) | Q(name=name, id__gt=pk))
    return rows.filter(Q(rank__gt=rank) | later)
