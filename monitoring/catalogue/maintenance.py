"""When services are under maintenance. Whoever plans that registers a reader here, so that nothing below need import it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection
from django.utils import timezone

from monitoring.catalogue.models import Replanned
from opsconsole.lib.nudges import nudge
from opsconsole.lib.once import once
from opsconsole.lib.registry import Registry
from opsconsole.ui.templatetags.ui import since

RECOUNT = "probes.recount"


@dataclass(frozen=True)
class Maintenance:
    """A service under maintenance in [start, end): why, and who says so."""

    service_id: int
    start: datetime
    end: datetime
    reason: str
    by: str

    @property
    def sentence(self) -> str:
        """“Maintenance until 04:00 CET — by Olga: database upgrade”, in the reader's zone."""
        return f"Maintenance until {since(timezone.localtime(self.end), timezone.localtime())} — by {self.by}: {self.reason}"


Plan = Callable[[datetime, datetime], list[Maintenance]]
"""All that touches [start, end), by a constant number of queries; times of one service may overlap."""

plans: Registry[Plan] = Registry("plan of maintenance")


def planned(start: datetime, end: datetime) -> list[Maintenance]:
    return [one for plan in plans for one in plan(start, end)]


def maintained(now: datetime) -> dict[int, Maintenance]:
    """By service, of what is maintained at this moment; of several the one that ends last."""
    near = [one for one in _near(now.replace(second=0, microsecond=0)) if one.start <= now < one.end]
    return {one.service_id: one for one in sorted(near, key=lambda one: one.end)}


@once
def _near(minute: datetime) -> list[Maintenance]:
    return planned(minute, minute + timedelta(minutes=1))


Spans = list[tuple[datetime, datetime]]


def spans_of(found: Iterable[Maintenance]) -> dict[int, Spans]:
    """By service: when it is maintained, in order, without overlaps."""
    by_service: dict[int, Spans] = {}
    for one in sorted(found, key=lambda one: one.start):
        spans = by_service.setdefault(one.service_id, [])
        if spans and one.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], one.end))
        else:
            spans.append((one.start, one.end))
    return by_service


M = TypeVar("M", int, datetime)


def parted(start: M, end: M, times: Iterable[tuple[M, M]]) -> list[tuple[M, M, bool]]:
    """[start, end) cut where maintenance begins and ends, and whether each piece is maintained. `times` are as `spans_of` has them,
    in moments or in milliseconds."""
    pieces: list[tuple[M, M, bool]] = []
    for begin, finish in times:
        if finish <= start:
            continue
        if begin >= end:
            break
        if start < begin:
            pieces.append((start, begin, False))
        pieces.append((max(start, begin), min(end, finish), True))
        start = min(end, finish)
    if start < end:
        pieces.append((start, end, False))
    return pieces


def stamp() -> tuple[int, int]:
    """Another one whenever plans were changed; one short query, by hand since each batch of results asks it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0), COUNT(*) FROM catalogue_replanned")
        last, number = cursor.fetchone()
    return int(last), int(number)


def maintenance_replanned(
    *, service_ids: Collection[int], spans: Iterable[tuple[datetime, datetime]], now: datetime
) -> None:
    """In the transaction that changes a plan. `spans`: times that count otherwise by it, of which what is behind us matters."""
    behind = [(start, min(end, now)) for start, end in spans if start < now] or [(now, now)]
    Replanned.objects.bulk_create(
        Replanned(service_id=one, start=start, end=end, at=now)
        for one in service_ids
        for start, end in behind
    )
    nudge(RECOUNT)
