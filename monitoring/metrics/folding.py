"""Hours are made anew from their minutes, and days from their hours, whenever something in them changed: so late samples count.

An hour is folded when it is over; the day that is going on then has all its hours so far. Days are those of the team's zone.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from monitoring.metrics import rolls, stores
from monitoring.metrics.models import Series, Size, Stale
from monitoring.metrics.rolls import Roll
from monitoring.metrics.stores import NONE, Place
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib import clock
from opsconsole.lib.moments import from_ms
from opsconsole.lib.periods import midnight

WAIT = 60  # seconds after an hour's end: most of what is late comes within them
_AT_ONCE = 500  # hours of series in one transaction


def fold(now: datetime) -> int:
    """Fold every hour that is over and has changed; returns how many. Two at once do no harm: one waits for the other."""
    done = 0
    while part := _fold(clock.epoch(now) - WAIT, team_zone()):
        done += part
    return done


def _fold(due: int, zone: ZoneInfo) -> int:
    with stores.writing():
        stale = Stale.objects.filter(start__lte=due - Size.HOUR).order_by("start", "series_id")
        places = list(stale.values_list("series_id", "start")[:_AT_ONCE])
        kinds = dict(Series.objects.filter(pk__in={series for series, _ in places}).values_list("pk", "kind"))
        for hour, group in groupby(places, key=lambda place: place[1]):
            ids = [series for series, _ in group]
            _fold_hour([pk for pk in ids if pk in kinds], hour, kinds, zone)
            Stale.objects.filter(series_id__in=ids, start=hour).delete()
    return len(places)


def _fold_hour(ids: list[int], hour: int, kinds: dict[int, str], zone: ZoneInfo) -> None:
    minutes = _by_series(stores.between(ids, Size.MINUTE, hour, hour + Size.HOUR))
    hours = {series: roll for series in minutes if (roll := rolls.joined(kinds[series], minutes[series]))}
    stores.put(Size.HOUR, {(series, hour): (roll, NONE) for series, roll in hours.items()})
    for series, roll in hours.items():
        _note_newest(series, roll, len(minutes[series]))
    first, end = _day_of(hour, zone)
    whole = _by_series(stores.between(hours, Size.HOUR, first, end))
    days = {series: roll for series in whole if (roll := rolls.joined(kinds[series], whole[series]))}
    stores.put(Size.DAY, {(series, first): (roll, NONE) for series, roll in days.items()})


def _by_series(found: dict[Place, stores.Kept]) -> dict[int, list[Roll]]:
    grouped: dict[int, list[Roll]] = defaultdict(list)
    for (series, _), (roll, _) in found.items():
        grouped[series].append(roll)
    return grouped


def _day_of(hour: int, zone: ZoneInfo) -> tuple[int, int]:
    """The day that an hour begins in: its first whole hour, and the end of its last."""
    day = clock.moment(hour).astimezone(zone).date()
    first, end = (clock.epoch(midnight(each, zone)) for each in (day, day + timedelta(days=1)))
    return first, end


def _note_newest(series: int, roll: Roll, minutes: int) -> None:
    """What the newest hour tells of the series: its last value, and how far apart samples are."""
    newest = Series.objects.filter(pk=series).filter(Q(last_at=None) | Q(last_at__lte=from_ms(roll.last_at)))
    span = (roll.last_at - roll.first_at) / 1000
    gap = span / (minutes - 1) if minutes > 1 else None
    if gap is None:
        before = (
            newest.exclude(last_at=None)
            .filter(last_at__lt=from_ms(roll.last_at))
            .values_list("last_at", flat=True)
            .first()
        )
        gap = (from_ms(roll.first_at) - before).total_seconds() if before else None
    usual = F("usual_gap") if gap is None else gap
    newest.update(last_at=from_ms(roll.last_at), last_value=roll.last, usual_gap=usual)
