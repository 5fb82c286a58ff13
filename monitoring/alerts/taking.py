"""The only writer of alerts: words come in, and the alerts of their fingerprints become what all words together say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from monitoring.alerts.cases import LOOKS, SHOWN, Book, Case, Key, Said, since
from monitoring.alerts.episodes import CALM
from monitoring.alerts.groups import acknowledged_tell
from monitoring.alerts.joining import groups_held, groups_stir
from monitoring.alerts.models import Alert, AlertChange, Ledger, Line
from monitoring.alerts.states import Kind, Level
from monitoring.catalogue.models import Service
from opsconsole.lib.batches import in_batches, update_each
from opsconsole.lib.sweeps import each

AT_ONCE = 250
"""Words in one transaction: a fifth of a second, in which nobody else writes on SQLite."""
_CHANGING = [*LOOKS, *SHOWN, "state", "last_seen_at", "group"]
_HEARD = ["words", "past", "heard_at", "sealed_at"]


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
    said = Said(
        source, fingerprint, firing, title, at, severity, labels or {}, annotations or {}, service, url, expires_at
    )  # fmt: skip
    return alerts_take([said], now=now)[0]


@transaction.atomic
def alerts_take(said: Sequence[Said], *, now: datetime) -> list[Alert | None]:
    """Words in the order in which they came, AT_ONCE at the most: what `alert_take` of each would make of them, by a constant
    number of statements."""
    book = Book()
    cases = _cases({one.key: None for one in said}, book, now)
    found = [cases[one.key].hear(one, now) for one in said]
    update_each((case.ledger for case in cases.values()), _HEARD)
    _write(book, now)
    return found


def _cases(keys: Collection[Key], book: Book, now: datetime) -> dict[Key, Case]:
    """What is known of fingerprints, held until the transaction ends."""
    ledgers = _ledgers(keys, now)
    cases = {key: Case(ledgers[key], [], book) for key in keys}
    for row in _rows(ledgers.values()):
        cases[row.source, row.fingerprint].rows.append(row)
    return cases


def _ledgers(keys: Collection[Key], now: datetime) -> dict[Key, Ledger]:
    """Locked; new ones where nothing was heard yet."""
    found = _locked(keys)
    if missing := sorted(set(keys) - found.keys()):
        rows = [
            Ledger(source=source, fingerprint=fingerprint, heard_at=now) for source, fingerprint in missing
        ]
        Ledger.objects.bulk_create(rows, ignore_conflicts=True)
        found |= _locked(missing)
    return found


def _locked(keys: Iterable[Key]) -> dict[Key, Ledger]:
    rows = Ledger.objects.filter(among(keys)).select_for_update().order_by("pk")
    return {(row.source, row.fingerprint): row for row in rows}


def among(keys: Iterable[Key]) -> Q:
    """Rows with one of these sources and fingerprints."""
    known: dict[str, list[str]] = {}
    for source, fingerprint in keys:
        known.setdefault(source, []).append(fingerprint)
    either = [Q(source=one, fingerprint__in=names) for one, names in known.items()]
    return Q(Q(pk__in=[]), *either, _connector=Q.OR)


def _rows(ledgers: Iterable[Ledger]) -> Iterable[Alert]:
    """The alerts of which words may still change something."""
    floors = {(row.source, row.fingerprint): since(row) for row in ledgers}
    wanted = among(key for key, floor in floors.items() if floor is None)
    for (source, fingerprint), floor in floors.items():
        wanted |= Q(source=source, fingerprint=fingerprint, starts_at__gte=floor) if floor else Q()
    told = Exists(Line.objects.filter(alert=OuterRef("pk")))
    return Alert.objects.filter(wanted).annotate(was_told=told).select_related("service").order_by()


def _write(book: Book, now: datetime) -> None:
    """Groups are held before alerts change."""
    if book.turns:
        groups_stir(book.turns, groups_held(book.turns, now), now, book.plan)
    if gone := [row.pk for row in book.gone if row.pk]:
        Alert.objects.filter(pk__in=gone).delete()
    rows = book.alerts()
    update_each((row for row in rows if row.pk), _CHANGING)
    Alert.objects.bulk_create(row for row in rows if not row.pk)
    AlertChange.objects.bulk_create(book.story())


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
    keys = list(due.values_list("source", "fingerprint")[:2000])
    return each(in_batches(keys, AT_ONCE), lambda some: _expire(some, now))


@transaction.atomic
def _expire(keys: Collection[Key], now: datetime) -> int:
    book = Book()
    for case in _cases(keys, book, now).values():
        case.wait(now)
    _write(book, now)
    return len(keys)
