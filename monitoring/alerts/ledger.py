"""What was heard of one fingerprint: pure. Words come late, twice and out of order; the same words give the same ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, replace
from datetime import datetime
from typing import Any

from monitoring.alerts.episodes import FLAPS_FROM, Episode, Word, told

MOST = 60  # words kept of one fingerprint; older ones are summed up

Stored = list[list[Any]]
"""Words as JSON: [moment, over, until or null, weight]; or episodes, as their fields."""


def heard(words: Sequence[Word], new: Word) -> list[Word]:
    """The words in the order of events, with one more; one that was heard before only puts its expiry off."""
    same = next((word for word in words if word.place == new.place), None)
    others = [word for word in words if word is not same]
    kept = replace(same, until=_later(same.until, new.until)) if same else new
    return sorted([*others, kept], key=lambda word: word.place)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later expiry; none at all is the latest."""
    return max(one, other) if one and other else None


def shortened(
    words: Sequence[Word], past: Sequence[Episode] = ()
) -> tuple[list[Word], list[Episode], datetime | None]:
    """At most MOST words; of what came before the episodes that still matter; and up to when it is sealed now (None: as before)."""
    kept, known, sealed = list(words), list(past), None
    while len(kept) > MOST:
        first, second = kept[0], kept[1]
        if _says_the_same(first, second):
            kept[:2] = [replace(first, until=second.until, weight=first.weight + second.weight)]
        else:
            known, sealed = told(kept[:1], known)[-FLAPS_FROM:], first.at
            del kept[0]
    return kept, known, sealed


def _says_the_same(first: Word, second: Word) -> bool:
    """It fired, and fired on."""
    return not first.over and not second.over and (first.until is None or first.until > second.at)


def stored(words: Iterable[Word]) -> Stored:
    return [[w.at.isoformat(), w.over, w.until.isoformat() if w.until else None, w.weight] for w in words]


def read(rows: Stored) -> list[Word]:
    moment = datetime.fromisoformat
    return [Word(moment(at), over, moment(until) if until else None, n) for at, over, until, n in rows]


def past_stored(past: Iterable[Episode]) -> Stored:
    return [[f.isoformat() if isinstance(f, datetime) else f for f in astuple(episode)] for episode in past]


def past_read(rows: Stored) -> list[Episode]:
    return [Episode(*map(_field, row)) for row in rows]


def _field(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
