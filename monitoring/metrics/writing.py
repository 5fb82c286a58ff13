"""Samples become minutes: rolled up in memory, and all that has gathered is written in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from monitoring.metrics import counting, rolls, stores
from monitoring.metrics.book import Book, Known, Name, series_make
from monitoring.metrics.counting import Reading
from monitoring.metrics.models import PushKey, Series, Size, Source
from monitoring.metrics.rolls import Roll
from monitoring.metrics.samples import Sample
from monitoring.metrics.states import Kind
from monitoring.metrics.stores import Kept, Place
from opsconsole.lib.moments import to_ms

MOST_SERIES = 5_000
_NOTED_EVERY = 60  # seconds between two notes of when a key was used
_MINUTE = 60_000


@dataclass(frozen=True)
class Push:
    """What came at once, from whom. Its samples are taken all, or none."""

    samples: Sequence[Sample]
    key: PushKey | None
    now: datetime
    source: Source | None = None
    title: str = ""  # of a new series that is called as people say

    def series(self) -> "QuerySet[Series]":
        """All that came from there so far."""
        return Series.objects.filter(key=self.key) if self.key else Series.objects.filter(source=self.source)


book = Book()


def write(pushes: Sequence[Push]) -> list[str]:
    """Store pushes, all in one transaction; for each "" or why it was refused. Raises DatabaseError when nothing was stored."""
    try:
        with stores.writing():
            return _write(pushes)
    except BaseException:
        book.forget()  # it may know series that were not made after all
        raise


def _write(pushes: Sequence[Push]) -> list[str]:
    known = book.look_up({(s.name, s.labels) for push in pushes for s in push.samples})
    refusals = [_make_room(push, known) or _misread(push, known) for push in pushes]
    taken = [push for push, refusal in zip(pushes, refusals, strict=True) if not refusal]
    by_place, histograms = _sorted(taken, known)
    observed = counting.observed(histograms)
    places = by_place.keys() | observed.keys()
    kept = stores.minutes_at(places)
    minutes = {p: new for p, each in by_place.items() if (new := _merged(each, kept.get(p)))}
    for place, roll in observed.items():
        minutes[place] = _added(roll, minutes.get(place) or kept.get(place))
    stores.put(Size.MINUTE, minutes)
    stores.stale_note({(series, start - start % Size.HOUR) for series, start in places})
    _note_use(taken)
    return refusals


def _make_room(push: Push, known: dict[Name, Known]) -> str:
    """Make the series that are new, if the key may have more; else say so."""
    new = {name: s for s in push.samples if (name := (s.name, s.labels)) not in known}
    if not new:
        return ""
    if (push.key or push.source) and (had := push.series().count()) + len(new) > MOST_SERIES:
        return (
            f"this {'key' if push.key else 'source'} has {had:,} series and would get {len(new):,} more; {MOST_SERIES:,} are the most. "
            "A label with ever new values, such as an id or a time, makes a series each: leave it out"
        )
    series_make(new.values(), origin=push.key or push.source, now=push.now, title=push.title)
    known |= book.look_up(new.keys())
    return ""


def _misread(push: Push, known: dict[Name, Known]) -> str:
    """A series that somebody has made another kind of takes no histogram."""
    for s in push.samples:
        if s.buckets and known[s.name, s.labels].kind != Kind.DISTRIBUTION:
            return f"{s.name} comes as a histogram, and is kept as another kind: choose “Single observations” on its page"
    return ""


Grouped = tuple[str, list[tuple[int, float]], list[tuple[int, float]]]
"""The kind of a series, its samples that named their time, and those that did not."""


def _sorted(pushes: Sequence[Push], known: dict[Name, Known]) -> tuple[dict[Place, Grouped], list[Reading]]:
    """Samples by series and minute, and apart from them the histograms, which say how much they have counted so far."""
    by_place: dict[Place, Grouped] = {}
    histograms: list[Reading] = []
    for push in pushes:
        now = to_ms(push.now)
        for name, labels, value, at, _, _, buckets in push.samples:
            series, kind = known[name, labels]
            moment = now if at is None else at
            if buckets:
                histograms.append(Reading(series, moment, buckets))
                continue
            place = (series, moment // _MINUTE * 60)
            if (group := by_place.get(place)) is None:
                group = by_place[place] = (kind, [], [])
            (group[1] if at is not None else group[2]).append((moment, value))
    return by_place, histograms


def _added(roll: Roll, kept: Kept | None) -> Kept:
    return (rolls.mixed(Kind.DISTRIBUTION, kept[0], roll), kept[1]) if kept else (roll, stores.NONE)


def _merged(new: Grouped, kept: Kept | None) -> Kept | None:
    """A minute with what is new of it; None when all of it was there already."""
    kind, timed, untimed = new
    roll, seen = kept or (None, stores.NONE)
    if kind != Kind.DISTRIBUTION:  # there each is an observation of its own, whenever it was made
        first_of = {at % _MINUTE: (at, value) for at, value in reversed(timed) if at % _MINUTE not in seen}
        timed, seen = list(first_of.values()), seen.union(first_of)
    samples = timed + untimed
    if not samples:
        return None
    fresh = rolls.of(kind, samples)
    return (rolls.mixed(kind, roll, fresh) if roll else fresh), seen


def _note_use(pushes: Sequence[Push]) -> None:
    latest: dict[int, tuple[PushKey, datetime]] = {p.key.pk: (p.key, p.now) for p in pushes if p.key}
    for key, now in latest.values():
        if key.last_used_at is None or (now - key.last_used_at).total_seconds() >= _NOTED_EVERY:
            PushKey.objects.filter(pk=key.pk).update(last_used_at=now)
            key.last_used_at = now
