"""One fingerprint while words about it are taken: its ledger, its alerts, and what is to be written of them. Asks no database.

Words are followed one by one, as if each were written before the next; what comes of all of them is written together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import inf
from typing import Any

from monitoring.alerts.episodes import Episode, Word, episodes
from monitoring.alerts.grouping import Plan
from monitoring.alerts.joining import Turn, kin_of
from monitoring.alerts.ledger import heard, past_read, past_stored, read, shortened, stored
from monitoring.alerts.models import Alert, AlertChange, Ledger
from monitoring.alerts.selectors import plan
from monitoring.alerts.states import Kind, Level, State
from monitoring.catalogue.models import Service
from opsconsole.lib.phrases import one_line

LOOKS = ("title", "severity", "labels", "annotations", "service", "url")
SHOWN = ("starts_at", "ends_at", "count", "expires_at", "turns", "turned_at", "off_at")
"""What an episode says of its alert, by one name in both."""


Key = tuple[str, str]
"""Of a ledger: source and fingerprint."""


@dataclass(frozen=True)
class Said:
    """One word of a source about an alert: it fires, or it is over. `at` is when it happened; see `alert_take`."""

    source: str
    fingerprint: str
    firing: bool
    title: str
    at: datetime
    severity: Level | int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    service: Service | None = None
    url: str = ""
    expires_at: datetime | None = None

    @property
    def key(self) -> Key:
        return self.source[:60], self.fingerprint[:255]

    @property
    def looks(self) -> dict[str, Any]:
        """How its alert looks."""
        return {
            "title": one_line(self.title)[:200] or self.fingerprint[:200],
            "severity": self.severity,
            "labels": dict(self.labels),
            "annotations": dict(self.annotations),
            "service": self.service,
            "url": self.url[:500],
        }


@dataclass
class Book:
    """What is to be written of several cases, in the order in which it came."""

    changed: list[Alert] = field(default_factory=list)
    gone: list[Alert] = field(default_factory=list)
    notes: list[AlertChange] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)

    @cached_property
    def plan(self) -> Plan:
        """Read once, where something begins to fire or is over."""
        return plan()

    def alerts(self) -> list[Alert]:
        """That are to be written, once each: what ended before what began, so that one of a fingerprint fires at the most."""
        left = {id(row): row for row in self.changed}
        for row in self.gone:
            left.pop(id(row), None)
        return sorted(left.values(), key=Alert.is_firing)

    def story(self) -> list[AlertChange]:
        gone = {id(row) for row in self.gone}
        return [note for note in self.notes if id(note.alert) not in gone]


@dataclass
class Case:
    """`rows` are the alerts since `ledger.sealed_at`, each with `was_told`: whether somebody was told of it."""

    ledger: Ledger
    rows: list[Alert]
    book: Book

    def hear(self, said: Said, now: datetime) -> Alert | None:
        """The alert that a word belongs to; None when it changes nothing."""
        at, ledger = min(said.at, now), self.ledger
        if ledger.sealed_at and at <= ledger.sealed_at:
            return None
        self._write(Word(at, not said.firing, said.expires_at if said.firing else None), now)
        rows = self._follow(now, said.looks)
        return self._spoken_of(rows, at, said.looks) if said.firing else _ended_by(rows, at)

    def wait(self, now: datetime) -> None:
        """Nothing was said, and time has passed."""
        self._follow(now)

    def _write(self, word: Word, now: datetime) -> None:
        ledger = self.ledger
        words, past, sealed = shortened(heard(read(ledger.words), word), past_read(ledger.past))
        ledger.words, ledger.past, ledger.heard_at = stored(words), past_stored(past), now
        ledger.sealed_at = sealed or ledger.sealed_at

    def _follow(self, now: datetime, looks: Mapping[str, Any] | None = None) -> list[Alert]:
        """Bring the alerts in line with what was said."""
        said = episodes(read(self.ledger.words), now, past_read(self.ledger.past))
        rows = self._open()
        for swallowed in rows[len(said) :]:
            self._swallow(swallowed, now)
        for number, episode in enumerate(said):
            if number == len(rows):
                rows.append(self._new(looks or _looks_of(rows[-1])))
            self._become(rows[number], episode, now)
        return rows[: len(said)]

    def _open(self) -> list[Alert]:
        """Those that words may still change, the oldest first."""
        floor = since(self.ledger)
        rows = [row for row in self.rows if not floor or row.starts_at >= floor]
        return sorted(rows, key=lambda row: (row.starts_at, row.pk or inf))

    def _new(self, looks: Mapping[str, Any]) -> Alert:
        row = Alert(source=self.ledger.source, fingerprint=self.ledger.fingerprint, state="", **looks)
        self.rows.append(row)
        return row

    def _swallow(self, alert: Alert, now: datetime) -> None:
        """A word put an expiry off, and what looked like two is one: the later goes, or ends if somebody was told of it."""
        if not getattr(alert, "was_told", False):
            self.rows = [row for row in self.rows if row is not alert]
            self.book.gone.append(alert)
            if alert.is_firing():
                self.book.turns.append(Turn(alert, kin_of(alert, self.book.plan), -1, quiet=True))
        elif alert.is_firing():
            self._become(
                alert, Episode(alert.starts_at, alert.starts_at, alert.count, None, alert.starts_at), now
            )

    def _become(self, alert: Alert, episode: Episode, now: datetime) -> None:
        """The alert as the episode says."""
        before, after = alert.state, State.RESOLVED if episode.ends_at else State.FIRING
        if before == after and _shown(alert) == episode:
            return
        flapped, step = alert.is_flapping(), (after == State.FIRING) - (before == State.FIRING)
        if step or (after == State.FIRING and flapped != bool(episode.turned_at)):
            self.book.turns.append(Turn(alert, kin_of(alert, self.book.plan), step))
        alert.state, alert.last_seen_at = after, episode.last_at
        for name in SHOWN:
            setattr(alert, name, getattr(episode, name))
        self.book.changed.append(alert)
        self._tell(alert, before, flapped, now)

    def _tell(self, alert: Alert, before: str, flapped: bool, now: datetime) -> None:
        """Its story."""
        if before != State.FIRING and (not before or alert.is_firing()):
            self._note(alert, Kind.FIRED, alert.starts_at, now)
        if flapped != alert.is_flapping():
            self._note(alert, Kind.CALM if flapped else Kind.FLAPS, now, now)
        if before != alert.state and alert.ends_at:
            self._note(alert, Kind.RESOLVED, alert.ends_at, now)

    def _note(self, alert: Alert, kind: Kind, at: datetime, now: datetime) -> None:
        self.book.notes.append(AlertChange(alert=alert, kind=kind, at=at, noticed_at=now))

    def _spoken_of(self, rows: Sequence[Alert], at: datetime, looks: Mapping[str, Any]) -> Alert | None:
        """The alert that fired at that moment. The newest word about it says how it looks."""
        alert = next((row for row in reversed(rows) if row.starts_at <= at), None)
        if alert and alert.last_seen_at == at and _looks_of(alert) != looks:
            for name, value in looks.items():
                setattr(alert, name, value)
            self.book.changed.append(alert)
        return alert


def _looks_of(alert: Alert) -> dict[str, Any]:
    return {name: getattr(alert, name) for name in LOOKS}


def _shown(alert: Alert) -> Episode:
    return Episode(last_at=alert.last_seen_at, **{name: getattr(alert, name) for name in SHOWN})


def _ended_by(rows: Sequence[Alert], at: datetime) -> Alert | None:
    return next((row for row in rows if at in (row.ends_at, row.off_at)), None)


def since(ledger: Ledger) -> datetime | None:
    """Alerts that began before then are settled."""
    past = past_read(ledger.past)
    if past and not past[-1].ends_at:
        return past[-1].starts_at
    return ledger.sealed_at + timedelta.resolution if ledger.sealed_at else None
