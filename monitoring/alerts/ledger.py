"""What was heard of one fingerprint, and the alerts it amounts to: pure, and by the time of events alone.

Words come late, twice and out of order. The same words give the same alerts, in whatever order they came.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

MOST = 60  # words kept of one fingerprint; older ones are summed up

Stored = list[list[Any]]
"""Words as JSON: [moment, over, until or null, weight]."""


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
    """One alert from its first word to its end; `ends_at` is None while it fires."""

    starts_at: datetime
    last_at: datetime
    count: int
    expires_at: datetime | None
    ends_at: datetime | None = None


def heard(words: Sequence[Word], new: Word) -> list[Word]:
    """The words in the order of events, with one more; one that was heard before only puts its expiry off."""
    same = next((word for word in words if word.place == new.place), None)
    others = [word for word in words if word is not same]
    kept = replace(same, until=_later(same.until, new.until)) if same else new
    return sorted([*others, kept], key=lambda word: word.place)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later expiry; none at all is the latest."""
    return max(one, other) if one and other else None


def episodes(words: Iterable[Word], now: datetime) -> list[Episode]:
    """The alerts, the oldest first. An end without a beginning is none."""
    found: list[Episode] = []
    for word in words:
        running = found.pop() if found and _runs(found[-1], word.at) else None
        if running:
            found.append(_goes_on(running, word))
        elif not word.over:
            found.append(Episode(word.at, word.at, word.weight, word.until))
        found = [_ended(episode, word.at) for episode in found]
    return [_ended(episode, now) for episode in found]


def _runs(episode: Episode, at: datetime) -> bool:
    return _ended(episode, at).ends_at is None


def _ended(episode: Episode, at: datetime) -> Episode:
    if episode.ends_at or episode.expires_at is None or episode.expires_at > at:
        return episode
    return replace(episode, ends_at=episode.expires_at)


def _goes_on(episode: Episode, word: Word) -> Episode:
    if word.over:
        return replace(episode, ends_at=word.at)
    return replace(episode, last_at=word.at, count=episode.count + word.weight, expires_at=word.until)


def shortened(words: Sequence[Word]) -> tuple[list[Word], datetime | None]:
    """At most MOST words, and the moment up to which the past is sealed now (None: as before)."""
    kept, sealed = list(words), None
    while len(kept) > MOST:
        if not kept[0].over and not kept[1].over:
            first, second = kept[0], kept[1]
            kept[:2] = [replace(first, until=second.until, weight=first.weight + second.weight)]
        else:
            gone = 1 if kept[0].over else 2
            sealed = kept[gone - 1].at
            del kept[:gone]
    return kept, sealed


def stored(words: Iterable[Word]) -> Stored:
    return [[w.at.isoformat(), w.over, w.until.isoformat() if w.until else None, w.weight] for w in words]


def read(rows: Stored) -> list[Word]:
    moment = datetime.fromisoformat
    return [Word(moment(at), over, moment(until) if until else None, n) for at, over, until, n in rows]
