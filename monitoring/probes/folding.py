# ruff: noqa: S608 — statements are put together from names of columns and from integers
"""Fold minutes into hours, and whole hours into days of the team's zone, once each; and write joined histograms short again.

A fold adds up what lies between its mark and the next, and moves the mark, in one transaction. The engine reads the marks when
it writes: what comes late, for a time that is folded already, it adds to the larger bucket itself.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Min

from monitoring.probes import together
from monitoring.probes.engine.tally import ADDED, SUMS
from monitoring.probes.models import Bucket, Fold, ServiceDay, Size
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib import clock, histograms
from opsconsole.lib.periods import midnight

STEP = 300  # seconds of minutes folded at a time: pages add up what is left of each probe
WAIT = 120  # seconds that minutes may still come in, so that few come late
_MOST_STEPS = 50
_CHUNK = 200  # probes whose histograms are written in one transaction


def fold(now: datetime) -> int:
    """Fold everything that is due; returns how many marks were moved. Two at once do no harm: one waits for the other."""
    moved = 0
    while (step := fold_minutes(now)) is not None:
        for hour in _ended(*step):
            compact(Size.HOUR, hour)
            together.hour_compact(hour)
        moved += 1
    while (hours := fold_hours(now)) is not None:
        day, is_whole = hours
        if is_whole:
            compact(Size.DAY, day)
        moved += 1
    return moved


def _ended(start: int, end: int) -> range:
    """The hours that end in (start, end]: nothing is added to them any more, unless it comes late."""
    return range(start - start % Size.HOUR, end - end % Size.HOUR, Size.HOUR)


@transaction.atomic
def fold_minutes(now: datetime) -> tuple[int, int] | None:
    """One step from minutes into hours; returns its start and end, or None when none is due."""
    mark, due = _mark(Size.HOUR, now), clock.epoch(now) - WAIT
    start, behind = mark.until, due - mark.until
    step = max(
        STEP, behind // _MOST_STEPS // STEP * STEP
    )  # after a long absence in longer steps: there is little to fold
    if behind < step:
        return None
    mark.until += step
    _add_up(Size.MINUTE, start, mark.until, Size.HOUR, "start - start % 3600")
    together.minutes_add(start, mark.until)
    mark.save(update_fields=["until"])
    return start, mark.until


@transaction.atomic
def fold_hours(now: datetime) -> tuple[int, bool] | None:
    """The next whole hours into their day; returns its start and whether it is whole now, or None when no hour is."""
    hours, mark, where = _mark(Size.HOUR, now), _mark(Size.DAY, now), team_zone()
    if mark.zone != where.key:
        _cut_anew(mark, where)
    day = mark.begun
    end = clock.epoch(midnight(clock.moment(day).astimezone(where).date() + timedelta(days=1), where))
    # An hour belongs to the day that it begins in, also where midnight is at half past.
    is_whole = end - end % -Size.HOUR <= hours.until
    stop = end if is_whole else hours.until - hours.until % Size.HOUR
    if stop <= mark.until:
        return None
    _add_up(Size.HOUR, mark.until, stop, Size.DAY, str(day))
    together.day_add(day)
    mark.until, mark.begun = stop, end if is_whole else day
    mark.save()
    return day, is_whole


def _mark(size: Size, now: datetime) -> Fold:
    """The mark, locked, the one of hours before the one of days, as the engine does; at first it stands before the oldest bucket."""
    found = Fold.objects.select_for_update().filter(size=size).first()
    if found:
        return found
    smaller = Size.MINUTE if size == Size.HOUR else Size.HOUR
    oldest = Bucket.objects.filter(size=smaller).aggregate(at=Min("start"))["at"]
    begin = oldest if oldest is not None else clock.epoch(now)
    return Fold.objects.create(size=size, until=begin - begin % STEP, zone="")


@transaction.atomic
def marks_set(*, hours_until: datetime, days_until: datetime, zone_name: str) -> None:
    """Say that buckets which were written by other means are complete: hours and days before these moments; the latter is a
    midnight of this zone."""
    for size, moment, name in ((Size.HOUR, hours_until, ""), (Size.DAY, days_until, zone_name)):
        until = clock.epoch(moment)
        Fold.objects.update_or_create(size=size, defaults={"until": until, "begun": until, "zone": name})


def _cut_anew(mark: Fold, where: ZoneInfo) -> None:
    """Another zone has other midnights: days are made again from the hours that are kept. Older days stay as they were cut.

    Kept with the first hour that goes into a day: before there is one, nobody knows in which day the first will begin.
    """
    oldest = Bucket.objects.filter(size=Size.HOUR).aggregate(at=Min("start"))["at"]
    moment = clock.moment(mark.until if oldest is None else oldest)
    mark.until = mark.begun = clock.epoch(midnight(moment.astimezone(where).date(), where))
    mark.zone = where.key
    Bucket.objects.filter(size=Size.DAY, start__gt=mark.until - Size.DAY).delete()
    ServiceDay.objects.filter(start__gt=mark.until - Size.DAY).delete()


def _add_up(source: Size, start: int, end: int, size: Size, bucket: str) -> None:
    """Add buckets of `source` in [start, end) to those of `size`; `bucket` says which, in terms of the smaller one's start."""
    sums = ", ".join(f"SUM(b.{name})" for name in SUMS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO probes_bucket (probe_id, size, start, {', '.join(SUMS)}, histogram)"
            f" SELECT b.probe_id, {int(size)}, {bucket.replace('start', 'b.start')}, {sums}, {together.joined('b.histogram')}"
            f" FROM probes_probe p CROSS JOIN probes_bucket b WHERE b.probe_id = p.id AND b.size = {int(source)}"
            f" AND b.start >= {start} AND b.start < {end} GROUP BY 1, 2, 3"
            f" ON CONFLICT (probe_id, size, start) DO UPDATE SET {ADDED},"
            " histogram = probes_bucket.histogram || ' ' || excluded.histogram"
        )


def compact(size: Size, start: int) -> int:
    """Write the histograms of a bucket that is complete short, a few probes at a time; returns how many changed.

    A fold and the engine only append to them; of an hour that leaves ten times as much text to read as there need be.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM probes_probe ORDER BY id")
        ids = [row[0] for row in cursor.fetchall()]
    return sum(_compact(ids[i : i + _CHUNK], size, start) for i in range(0, len(ids), _CHUNK))


def _compact(ids: list[int], size: Size, start: int) -> int:
    rows = Bucket.objects.filter(probe_id__in=ids, size=size, start=start)
    changed = []
    for probe_id, text in rows.values_list("probe_id", "histogram"):
        short = histograms.encode(histograms.decode(text))
        if short != text:
            changed.append((short, probe_id, size, start, text))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE probes_bucket SET histogram = %s WHERE probe_id = %s AND size = %s AND start = %s AND histogram = %s",
            changed,
        )
    return len(changed)
