"""Every single result of a probe, for as long as they are kept: of all its regions together, or of one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from monitoring.catalogue.states import TONES, Status
from monitoring.probes.models import Probe, Result, SightingResult
from monitoring.probes.states import CODES
from opsconsole.lib.ids import id_of
from opsconsole.lib.moments import to_ms

SIZE = 100
_STATUS = {code: status for status, code in CODES.items()}


@dataclass(frozen=True)
class Row:
    """When it was asked, what that gave, after how many milliseconds, and with which status code."""

    at: datetime
    status: Status
    ms: int | None
    code: int | None

    @property
    def tone(self) -> str:
        return TONES[self.status]


@dataclass(frozen=True)
class Results:
    """Newest first; `cursor` opens the next page, and is empty on the last."""

    rows: list[Row]
    cursor: str


def results(probe: Probe, after: str | None, region: str = "") -> Results:
    """`after` is the moment of the last row that was shown, in milliseconds since 1970; anything else is the first page."""
    found = _of(probe, region).order_by("-at")
    if (last := id_of(after)) is not None:
        found = found.filter(at__lt=last)
    rows = [Row(row.at, _STATUS[row.outcome], row.ms, row.code) for row in found[: SIZE + 1]]
    return Results(rows[:SIZE], str(to_ms(rows[SIZE - 1].at)) if len(rows) > SIZE else "")


def _of(probe: Probe, region: str) -> "QuerySet[Any]":
    if not region:
        return Result.objects.filter(probe_id=probe.pk)
    ids = list(probe.sightings.filter(region=region).values_list("pk", flat=True))
    return SightingResult.objects.filter(sighting_id__in=ids)
