"""Readers of changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from monitoring.catalogue.models import Service
from monitoring.changes.models import Change
from opsconsole.lib.ids import id_of

SIZE = 50
BEFORE = timedelta(hours=2)
"""How long before a failure a change is a suspect: what breaks at once or with the next load breaks within it."""
MOST = 8  # beside an incident
OF_ONE = 200
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Page:
    """`cursor` opens the next page; empty on the last."""

    rows: list[Change]
    cursor: str


def changes(*, service: str = "", kind: str = "", text: str = "") -> QuerySet[Change]:
    """Those that fit, newest first; `service` is its name in addresses."""
    rows = Change.objects.select_related("service").order_by("-at", "-id")
    rows = rows.filter(service__slug=service) if service else rows
    rows = rows.filter(kind=kind) if kind else rows
    words = Q(summary__icontains=text) | Q(author__icontains=text) | Q(source__icontains=text)
    return rows.filter(words) if text else rows


def page_of(rows: QuerySet[Change], after: str | None = "") -> Page:
    """The newest rows by the time they were done, older than the row whose id `after` is. One that is none is the first page."""
    last = Change.objects.filter(pk=id_of(after) or 0).first()
    if last:
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    found = list(rows[: SIZE + 1])
    return Page(found[:SIZE], str(found[SIZE - 1].pk) if len(found) > SIZE else "")


def count_lately(now: datetime) -> int:
    """How many there were in the seven days before."""
    return Change.objects.filter(at__gt=now - LATELY, at__lte=now).count()


def changes_of(service: Service) -> list[Change]:
    """The newest of a service: as many as stand on a chart of a year."""
    return list(Change.objects.filter(service=service).defer("details")[:OF_ONE])


def changes_before(moment: datetime, service_ids: Collection[int]) -> list[Change]:
    """What was changed in the two hours before a moment: first what concerns the services, each newest first."""
    near = Case(When(service__in=service_ids, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = Change.objects.select_related("service").filter(at__gt=moment - BEFORE, at__lte=moment)
    return list(rows.alias(near=near).order_by("near", "-at", "-id")[:MOST])
