"""What histograms counted when they came last, and what was observed since."""

from collections.abc import Sequence
from typing import NamedTuple

from monitoring.metrics import buckets, rolls
from monitoring.metrics.buckets import Buckets
from monitoring.metrics.models import Counts
from monitoring.metrics.rolls import Roll
from monitoring.metrics.states import Kind
from monitoring.metrics.stores import Place
from opsconsole.lib.moments import from_ms

_MINUTE = 60_000
_FIELDS = ("at", "bounds", "counts", "total", "changed_at")


class Reading(NamedTuple):
    """Buckets of a series, by its id, at a moment in milliseconds."""

    series: int
    at: int
    buckets: Buckets


def observed(readings: Sequence[Reading]) -> dict[Place, Roll]:
    """By series and minute what is new; the first reading of a series says nothing yet, and a late one nothing any more.

    Inside `stores.writing()`: it reads and writes what was counted last.
    """
    if not readings:
        return {}
    last = Counts.objects.in_bulk({reading.series for reading in readings})
    found: dict[Place, Roll] = {}
    for reading in sorted(readings, key=lambda each: each.at):
        series, at, now = reading
        before = last.get(series)
        if before and at < before.at:
            continue
        growth = buckets.grown(before.buckets, now) if before else None
        if growth and (roll := buckets.roll_of(growth, at)):
            place = (series, at // _MINUTE * 60)
            found[place] = rolls.mixed(Kind.DISTRIBUTION, found[place], roll) if place in found else roll
        last[series] = _noted(reading, before)
    Counts.objects.bulk_create(
        last.values(), update_conflicts=True, unique_fields=["series"], update_fields=_FIELDS, batch_size=500
    )
    return found


def _noted(reading: Reading, before: Counts | None) -> Counts:
    series, at, (bounds, counts, total) = reading
    is_other = before is not None and tuple(before.bounds) != bounds[:-1]
    changed_at = from_ms(at) if is_other else before and before.changed_at
    return Counts(
        series_id=series, at=at, bounds=bounds[:-1], counts=counts, total=total, changed_at=changed_at
    )
