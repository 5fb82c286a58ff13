"""What series were over a time: minutes for a short and recent one, else hours with the minutes that are not folded yet."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from monitoring.metrics import rolls, stores
from monitoring.metrics.models import Series, Size
from monitoring.metrics.rolls import Roll
from monitoring.metrics.states import Kind
from monitoring.metrics.stores import Kept, Part, Place
from opsconsole.lib import clock

SHORT = timedelta(hours=6)
_UNFOLDED = 3 * Size.HOUR  # an hour is folded a minute after its end; when sweeps stand still, a little later


@dataclass(frozen=True)
class Past:
    """Rolls of one series by when they start (seconds since 1970), in order; each of `step` seconds."""

    kind: str
    step: int
    rolls: Mapping[int, Roll]
    before: Roll | None = None

    def together(self) -> Roll | None:
        """All as one; a counter's growth is counted from what it said before."""
        found = rolls.joined(self.kind, self.rolls.values())
        if found and self.before and self.kind == Kind.COUNTER:
            return found._replace(total=found.total + rolls.grown(self.before.last, found.first))
        return found

    def cut(self, edges: Collection[int]) -> list["Roll | None"]:
        """One roll for each span that begins at an edge and ends at the next, the last one at the end."""
        parts: dict[int, dict[int, Roll]] = {edge: {} for edge in edges}
        ordered, place = sorted(edges), 0
        for start, roll in self.rolls.items():
            while place + 1 < len(ordered) and ordered[place + 1] <= start:
                place += 1
            if start >= ordered[place]:
                parts[ordered[place]][start] = roll
        return list(_one_by_one(self.kind, [parts[edge] for edge in ordered], self.before))

    def each(self) -> list[tuple[int, Roll]]:
        """Every bucket for itself; a counter's growth is counted from the bucket before."""
        parts = [{start: roll} for start, roll in self.rolls.items()]
        found = _one_by_one(self.kind, parts, self.before)
        return [(start, roll) for start, roll in zip(self.rolls, found, strict=True) if roll]

    def coverage(self, seconds: float, reach: timedelta) -> float:
        """The share of `seconds` that samples speak for: each bucket as long as it is, or as a sample speaks for."""
        return (
            min(1.0, len(self.rolls) * max(self.step, reach.total_seconds()) / seconds)
            if seconds > 0
            else 0.0
        )


def _one_by_one(kind: str, parts: list[dict[int, Roll]], before: Roll | None) -> Iterable[Roll | None]:
    for part in parts:
        found = Past(kind, 0, part, before).together()
        before = found or before
        yield found


def past_of(
    series: Collection[Series], start: datetime, end: datetime, now: datetime, *, short: timedelta = SHORT
) -> dict[int, Past]:
    """Each series over [start, end), by the minute where that is `short`; one or two queries for all of them."""
    first, last = clock.epoch(start), clock.epoch(end)
    kept = clock.epoch(now - timedelta(days=settings.OPSCONSOLE_METRIC_MINUTES - 1))
    if end - start <= short and first >= kept:
        return _cut(series, _read(series, Size.MINUTE, first - Size.HOUR, last), Size.MINUTE, first)
    return by_hour(series, first, last, clock.epoch(now))


def by_hour(series: Collection[Series], first: int, last: int, now: int) -> dict[int, Past]:
    """Hours that begin in [first, last); those that are not folded yet are made of their minutes."""
    hours = _read(series, Size.HOUR, first - Size.HOUR, last)
    fresh = _minutes(_unfolded(series, hours, max(first, now - now % Size.HOUR - _UNFOLDED), last))
    for one in series:
        for start, roll in _hours_of(one.kind, fresh.get(one.pk, {})).items():
            hours.setdefault(one.pk, {}).setdefault(start, roll)
    return _cut(series, hours, Size.HOUR, first)


def by_day(series: Collection[Series], first: int, last: int, today: int, now: int) -> dict[int, Past]:
    """Days that begin in [first, last); that of today, which begins at `today`, as far as it has come."""
    days = _read(series, Size.DAY, first - Size.DAY, min(last, today))
    running = by_hour(series, today, last, now) if last > today else {}
    for one in series:
        if (past := running.get(one.pk)) and (roll := rolls.joined(one.kind, past.rolls.values())):
            days.setdefault(one.pk, {})[today] = roll
    return _cut(series, days, Size.DAY, first)


def _read(series: Iterable[Series], size: Size, start: int, end: int) -> dict[int, dict[int, Roll]]:
    return _by_series(stores.between([one.pk for one in series], size, start, end))


def _by_series(kept: Mapping[Place, Kept]) -> dict[int, dict[int, Roll]]:
    found: dict[int, dict[int, Roll]] = {}
    for (pk, at), (roll, _) in kept.items():
        found.setdefault(pk, {})[at] = roll
    return found


def _unfolded(
    series: Collection[Series], hours: Mapping[int, Mapping[int, Roll]], start: int, end: int
) -> list[Part]:
    """The time in [start, end) of which there are no hours, and the series that lack them: minutes of others need not be read."""
    parts: list[Part] = []
    for hour in range(start - start % Size.HOUR, end, Size.HOUR):
        lacking = tuple(one.pk for one in series if hour not in hours.get(one.pk, {}))
        since = parts.pop().start if parts and parts[-1].series == lacking else max(start, hour)
        parts.append(Part(lacking, since, min(hour + Size.HOUR, end)))
    return parts


def _minutes(parts: Iterable[Part]) -> dict[int, dict[int, Roll]]:
    return _by_series(stores.among(parts, Size.MINUTE))


def _hours_of(kind: str, minutes: Mapping[int, Roll]) -> dict[int, Roll]:
    groups: dict[int, list[Roll]] = {}
    for start, roll in minutes.items():
        groups.setdefault(start - start % Size.HOUR, []).append(roll)
    return {start: whole for start, each in groups.items() if (whole := rolls.joined(kind, each))}


def _cut(
    series: Iterable[Series], found: Mapping[int, Mapping[int, Roll]], step: int, first: int
) -> dict[int, Past]:
    pasts = {}
    for one in series:
        own = found.get(one.pk, {})
        within = {start: own[start] for start in sorted(own) if start >= first}
        before = max((start for start in own if start < first), default=None)
        pasts[one.pk] = Past(one.kind, step, within, None if before is None else own[before])
    return pasts
