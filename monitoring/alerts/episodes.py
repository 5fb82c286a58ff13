"""The alerts that words amount to: one pure function of what was said and of one `now`, by the time of events alone.

An alert that fires for the third time within an hour flaps. While it does it is one alert, whatever it says, until it has not
changed for half an hour; then it fires or is over, whichever it is by then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

FLAPS_FROM = 3  # times that it fires
SPAN = timedelta(hours=1)  # within which
CALM = timedelta(
    minutes=30
)  # without a change, and it is believed again: whatever fires so often in SPAN rests for less


@dataclass(frozen=True)
class Word:
    """“It fires” or “it is over”, said of the moment `at`. What fires without another word is over at `until`.

    weight: how many words it stands for.
    """

    at: datetime
    over: bool = False
    until: datetime | None = None
    weight: int = 1

    @property
    def place(self) -> tuple[datetime, bool]:
        """The order of events: of two at one moment the end is the later one."""
        return self.at, self.over


@dataclass(frozen=True)
class Episode:
    """One alert from its first word to its end; `ends_at` is None while it fires, or flaps.

    turns: how often it has changed since it was found to flap, 0 if it never was; turned_at: its last change, while it flaps;
    off_at: since when it is off, while it flaps.
    """

    starts_at: datetime
    last_at: datetime
    count: int
    expires_at: datetime | None
    ends_at: datetime | None = None
    turns: int = 0
    turned_at: datetime | None = None
    off_at: datetime | None = None


def episodes(words: Iterable[Word], now: datetime, past: Sequence[Episode] = ()) -> list[Episode]:
    """The alerts, the oldest first. An end without a beginning is none. Of the `past` only what goes on is among them."""
    found = told(words, past)
    return [_settled(episode, now) for episode in found[sum(e.ends_at is not None for e in past) :]]


def told(words: Iterable[Word], past: Sequence[Episode]) -> list[Episode]:
    """The past and what followed, as it stands at the last word."""
    found = list(past)
    for word in words:
        last = _settled(found.pop(), word.at) if found else None
        found += [last] if last else []
        if last is None or last.ends_at:
            found += [] if word.over else [_begun(found, word)]
        else:
            found[-1] = _off(last, word.at) if word.over else _on(last, word)
    return found


def _begun(found: Sequence[Episode], word: Word) -> Episode:
    """Those before the last that flapped do not count: it has calmed down since."""
    near = takewhile(lambda e: not e.turns and word.at - e.starts_at < SPAN, reversed(found))
    flaps = sum(1 for _ in near) + 1 >= FLAPS_FROM
    turned = word.at if flaps else None
    return Episode(word.at, word.at, word.weight, word.until, turns=int(flaps), turned_at=turned)


def _settled(episode: Episode, at: datetime) -> Episode:
    """As it stands at a moment, if nothing is said until then."""
    ends = episode.expires_at
    if ends and ends <= at and not episode.ends_at:
        episode = _off(_calmed(episode, ends), ends)
    return _calmed(episode, at)


def _calmed(episode: Episode, at: datetime) -> Episode:
    if episode.turned_at is None or at - episode.turned_at < CALM:
        return episode
    return replace(episode, turned_at=None, off_at=None, ends_at=episode.off_at)


def _off(episode: Episode, at: datetime) -> Episode:
    if episode.turned_at is None:
        return replace(episode, ends_at=at)
    if episode.off_at:
        return episode
    return replace(episode, off_at=at, turned_at=at, turns=episode.turns + 1, expires_at=None)


def _on(episode: Episode, word: Word) -> Episode:
    more = replace(
        episode, last_at=word.at, count=episode.count + word.weight, expires_at=word.until, off_at=None
    )
    return replace(more, turned_at=word.at, turns=episode.turns + 1) if episode.off_at else more
