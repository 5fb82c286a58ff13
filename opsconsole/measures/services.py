"""The only writer of kept values."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from opsconsole.lib import periods
from opsconsole.lib.once import reading
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import measures
from opsconsole.measures.selectors import Judged, read

SETTLES = timedelta(hours=1)
"""How long after midnight the records of a day may still come in; what was read before is read again."""

_VALUE_FIELDS = ["value", "coverage", "n", "verdict", "version", "evidence_url", "read_at"]


def days_keep(*, first: date, last: date, zone: ZoneInfo, now: datetime) -> int:
    """Keep each measure's value for each day from `first` to `last`, both included, where it is missing or not settled.

    Returns how many values were written. A measure that cannot be read is kept as such and stops no other; a known value
    is never replaced by an unknown one. Running it again, or twice at once, changes nothing.
    """
    kept = _kept(first, last)
    slugs = [slug for slug, _ in measures.items()]
    written = 0
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        ends = periods.midnight(day + timedelta(days=1), zone)
        due = [slug for slug in slugs if _is_due(kept.get((slug, day)), ends, now)]
        written += _keep(due, day, zone, now)
    return written


def _kept(first: date, last: date) -> dict[tuple[str, date], DailyValue]:
    found = DailyValue.objects.filter(day__range=(first, last)).only("measure", "day", "value", "read_at")
    return {(value.measure, value.day): value for value in found}


def _is_due(kept: DailyValue | None, ends: datetime, now: datetime) -> bool:
    """Missing, or read by a clock that is set back now; read before the day had settled; or unreadable so far, for a day
    after which we stop asking."""
    if now < ends:
        return False
    if kept is None or kept.read_at > now:
        return True
    if kept.read_at < ends + SETTLES:
        return now >= ends + SETTLES or kept.value is None
    return kept.value is None and now < ends + timedelta(days=1)


def _keep(slugs: Iterable[str], day: date, zone: ZoneInfo, now: datetime) -> int:
    period = periods.day(day, zone)
    with timezone.override(zone), reading():  # the days in the evidence's address are the team's
        rows = [_row(slug, read(slug, period), day, now) for slug in slugs]
    DailyValue.objects.bulk_create(
        [row for row in rows if row.value is not None],
        update_conflicts=True,
        unique_fields=["measure", "day"],
        update_fields=_VALUE_FIELDS,
    )
    _keep_unreadable([row for row in rows if row.value is None], day, now)
    return len(rows)


def _keep_unreadable(rows: list[DailyValue], day: date, now: datetime) -> None:
    """Only when it was asked is noted where a row exists: what was known stays known."""
    if rows:
        DailyValue.objects.bulk_create(rows, ignore_conflicts=True)
        slugs = [row.measure for row in rows]
        DailyValue.objects.filter(measure__in=slugs, day=day).update(read_at=now)


def _row(slug: str, judged: Judged, day: date, now: datetime) -> DailyValue:
    reading = judged.reading
    return DailyValue(
        measure=slug,
        day=day,
        value=reading.value,
        coverage=reading.coverage,
        n=reading.n,
        verdict=judged.verdict,
        version=judged.measure.version,
        evidence_url=reading.evidence_url[:250],
        read_at=now,
    )
