"""The only writer of alerts: a word comes in, and the alerts of its fingerprint become what all words together say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from monitoring.alerts.episodes import CALM, Episode, Word, episodes
from monitoring.alerts.groups import acknowledged_tell, group_held, group_stir
from monitoring.alerts.ledger import heard, past_read, past_stored, read, shortened, stored
from monitoring.alerts.models import Alert, AlertChange, Ledger
from monitoring.alerts.states import Kind, Level, State
from monitoring.catalogue.models import Service
from opsconsole.lib.phrases import one_line
from opsconsole.lib.sweeps import each


@transaction.atomic
def alert_take(
    *,
    source: str,
    fingerprint: str,
    firing: bool,
    title: str,
    at: datetime,
    now: datetime,
    severity: Level | int | None = None,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    service: Service | None = None,
    url: str = "",
    expires_at: datetime | None = None,
) -> Alert | None:
    """One word about an alert: it fires, or it is over. Returns the alert it belongs to; None when it changes nothing.

    While an alert fires, the same source and fingerprint join it; after its end a new one begins; an end without a beginning
    is kept in mind and opens nothing. `at` is when it happened: when it began to fire, or ended. Words that come twice, late
    or out of order give the same alerts as those that come in order. With `expires_at` it ends by itself then, unless the
    same word comes again with a later one. A moment in the future is taken for `now`.
    """
    at = min(at, now)
    ledger = _ledger(source, fingerprint, now)
    if ledger.sealed_at and at <= ledger.sealed_at:
        return None
    said = _write(ledger, Word(at, not firing, expires_at if firing else None), now)
    looks = {
        "title": one_line(title)[:200] or fingerprint[:200],
        "severity": severity,
        "labels": dict(labels or {}),
        "annotations": dict(annotations or {}),
        "service": service,
        "url": url[:500],
    }
    rows = _follow(ledger, episodes(said, now, past_read(ledger.past)), now, looks)
    return _spoken_of(rows, at, looks) if firing else _ended_by(rows, at)


def _ledger(source: str, fingerprint: str, now: datetime) -> Ledger:
    """The ledger of a fingerprint, locked; a new one where nothing was heard yet."""
    key = {"source": source[:60], "fingerprint": fingerprint[:255]}
    rows = Ledger.objects.select_for_update().filter(**key)
    if known := rows.first():
        return known
    Ledger.objects.get_or_create(**key, defaults={"heard_at": now})
    return rows.get()


def _write(ledger: Ledger, word: Word, now: datetime) -> list[Word]:
    words, past, sealed = shortened(heard(read(ledger.words), word), past_read(ledger.past))
    ledger.words, ledger.past, ledger.heard_at = stored(words), past_stored(past), now
    ledger.sealed_at = sealed or ledger.sealed_at
    ledger.save()
    return words


def _follow(
    ledger: Ledger, said: Sequence[Episode], now: datetime, looks: Mapping[str, Any] | None = None
) -> list[Alert]:
    """Bring the rows in line with the episodes: what ended is written before what began, so that one fires at the most."""
    rows = _rows(ledger)
    for swallowed in rows[len(said) :]:
        _swallow(swallowed, now)
    for number, episode in enumerate(said):
        if number == len(rows):
            model = looks or _looks_of(rows[-1])
            rows.append(Alert(source=ledger.source, fingerprint=ledger.fingerprint, state="", **model))
        _become(rows[number], episode, now)
    return rows[: len(said)]


def _swallow(alert: Alert, now: datetime) -> None:
    """A word put an expiry off, and what looked like two is one: the later goes, or ends if somebody was told of it."""
    if not alert.lines.exists():
        alert.delete()
    elif alert.is_firing():
        _become(alert, Episode(alert.starts_at, alert.starts_at, alert.count, None, alert.starts_at), now)


def _rows(ledger: Ledger) -> list[Alert]:
    rows = Alert.objects.filter(source=ledger.source, fingerprint=ledger.fingerprint)
    past = past_read(ledger.past)
    if past and not past[-1].ends_at:
        rows = rows.filter(starts_at__gte=past[-1].starts_at)
    elif ledger.sealed_at:
        rows = rows.filter(starts_at__gt=ledger.sealed_at)
    return list(rows.select_related("service").order_by("starts_at", "pk"))


def _looks_of(alert: Alert) -> dict[str, Any]:
    names = ("title", "severity", "labels", "annotations", "service", "url")
    return {name: getattr(alert, name) for name in names}


def _become(alert: Alert, episode: Episode, now: datetime) -> None:
    """The row as the episode says; what changes whether it fires or flaps stirs its group, which is held first."""
    before, after = alert.state, State.RESOLVED if episode.ends_at else State.FIRING
    if before == after and _shown(alert) == episode:
        return
    flapped = alert.is_flapping()
    stirs = State.FIRING in {before, after} and (before != after or flapped != bool(episode.turned_at))
    group = group_held(alert, now) if stirs else None
    alert.group, alert.state = group or alert.group, after
    for name in _FIELDS:
        setattr(alert, name, getattr(episode, name))
    alert.last_seen_at = episode.last_at
    alert.save()
    if before != State.FIRING and (not before or after == State.FIRING):
        _note(alert, Kind.FIRED, episode.starts_at, now)
    if flapped != alert.is_flapping():
        _note(alert, Kind.CALM if flapped else Kind.FLAPS, now, now)
    if before != after and episode.ends_at:
        _note(alert, Kind.RESOLVED, episode.ends_at, now)
    if group:
        group_stir(group, now, firing=alert.is_firing())


_FIELDS = ("starts_at", "ends_at", "count", "expires_at", "turns", "turned_at", "off_at")


def _shown(alert: Alert) -> Episode:
    return Episode(last_at=alert.last_seen_at, **{name: getattr(alert, name) for name in _FIELDS})


def _note(alert: Alert, kind: Kind, at: datetime, now: datetime) -> None:
    AlertChange.objects.create(alert=alert, kind=kind, at=at, noticed_at=now)


def _spoken_of(rows: Sequence[Alert], at: datetime, looks: Mapping[str, Any]) -> Alert | None:
    """The alert that fired at that moment. The newest word about it says how it looks."""
    alert = next((row for row in reversed(rows) if row.starts_at <= at), None)
    if alert and alert.last_seen_at == at and _looks_of(alert) != looks:
        for name, value in looks.items():
            setattr(alert, name, value)
        alert.save(update_fields=list(looks))
    return alert


def _ended_by(rows: Sequence[Alert], at: datetime) -> Alert | None:
    return next((row for row in rows if at in (row.ends_at, row.off_at)), None)


@transaction.atomic
def alert_acknowledge(*, source: str, fingerprint: str, now: datetime, by: str = "") -> Alert | None:
    """Where it came from, somebody has it in hand, and those who were told of it hear so. `by` is who or what said it.

    None when nothing fires there; a second one changes nothing.
    """
    rows = Alert.objects.firing().filter(source=source, fingerprint=fingerprint)
    alert = rows.select_for_update(of=("self",)).first()
    if alert and alert.acknowledged_at is None:
        alert.acknowledged_at = now
        alert.save(update_fields=["acknowledged_at"])
        AlertChange.objects.create(alert=alert, kind=Kind.ACKNOWLEDGED, at=now, noticed_at=now, note=by[:300])
        acknowledged_tell(alert, now)
    return alert


def alerts_expire(*, now: datetime) -> int:
    """End what was not heard of again in time, and believe again what has calmed down. Returns how many alerts changed."""
    late = Q(expires_at__lte=now) | Q(turned_at__lte=now - CALM)
    due = Alert.objects.firing().filter(late).order_by("expires_at", "turned_at")
    return each(list(due[:1000]), lambda alert: _expire(alert, now))


@transaction.atomic
def _expire(alert: Alert, now: datetime) -> bool:
    ledger = _ledger(alert.source, alert.fingerprint, now)
    _follow(ledger, episodes(read(ledger.words), now, past_read(ledger.past)), now)
    return True
