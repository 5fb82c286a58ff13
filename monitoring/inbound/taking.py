"""From a delivery to alerts and changes. Stored first, then read: at least once, and with the same result each time."""

import hashlib
import logging
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from monitoring.inbound.applying import apply, say_forged, say_unreadable, say_waiting
from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.models import Arrival, Fate, Integration
from monitoring.inbound.parcels import Forged, NotYet, Parcel, Reading, Unreadable
from monitoring.inbound.wording import unread
from opsconsole.lib.claims import claim, held
from opsconsole.lib.nudges import nudge
from opsconsole.lib.secrets import Unreadable as Lost
from opsconsole.lib.secrets import digest
from opsconsole.lib.sweeps import each

log = logging.getLogger(__name__)
SWEEP = "inbound.read"
AGAIN_WITHIN = timedelta(minutes=5)
"""The same bytes as the last delivery's are a repetition for so long; later they may well say the same anew."""
PER_MINUTE = 3000
LEASE = timedelta(seconds=10)
"""Of whoever stored a delivery, to read it at once."""
SMALL = 16_384
"""Bytes of a delivery that may be read at once: some twenty alerts. The sweep reads what is larger."""
SWEPT = timedelta(minutes=15)
"""Of the sweep, to which what is large is left."""
MOST_TRIES = 10
TOLD_FROM = 4
"""Tries in vain, after two minutes: what waits may be the alarm of an outage."""


class TooMany(Exception):
    """More deliveries in a minute than anything sends that works."""


@transaction.atomic
def arrival_store(
    *, integration: Integration, key: str, body: bytes, headers: Mapping[str, str], now: datetime
) -> tuple[Arrival, bool]:
    """The row of a delivery, and whether it came before. The caller holds the lease on a new one that is small. Raises TooMany."""
    Integration.objects.select_for_update().get(
        pk=integration.pk
    )  # deliveries of one sender stand in line here
    signed = kinds[integration.kind].signed_by  # of which no byte may be changed
    clean = body if signed else body.replace(key.encode(), f"{key[:6]}…".encode())
    row = _row(integration, clean, headers, now)
    if found := _same(kinds[integration.kind], row, clean):
        return found, True
    lately = Arrival.objects.filter(integration=integration, at__gt=now - timedelta(minutes=1))
    if lately[:PER_MINUTE].count() == PER_MINUTE:
        raise TooMany
    Integration.objects.filter(pk=integration.pk).update(received_at=now)
    row.size = len(body)
    row.save()
    if not row.leased_until:
        nudge(SWEEP)
    return row, False


def _row(integration: Integration, body: bytes, headers: Mapping[str, str], now: datetime) -> Arrival:
    parcel, kind = Parcel(0, now, body, headers, {}, integration.name), kinds[integration.kind]
    at_once = len(body) <= SMALL and not kind.waits
    return Arrival(
        integration=integration,
        at=now,
        identity=_identity(kind, parcel),
        digest=hashlib.sha256(repr(sorted(headers.items())).encode() + body).hexdigest(),
        headers=dict(headers),
        packed=zlib.compress(body, 1),
        due_at=now,
        leased_until=now + LEASE if at_once else None,
    )


def _identity(kind: Kind, parcel: Parcel) -> str:
    try:
        said = kind.identity(parcel)
    except Unreadable:
        return ""
    return digest(said) if said else ""


def _same(kind: Kind, row: Arrival, body: bytes) -> Arrival | None:
    """The delivery that this one repeats: by the sender's id; else the last one, if the same came just now."""
    rows = Arrival.objects.filter(integration=row.integration)
    if row.identity:
        return rows.filter(identity=row.identity).first()
    last = rows.first()
    again = last and last.digest == row.digest and row.at - last.at < AGAIN_WITHIN
    return last if again and not kind.renews(body) else None


def parcel_of(arrival: Arrival) -> Parcel:
    """Raises NotYet."""
    integration = arrival.integration
    if isinstance(integration.config, Lost):  # unread, nothing would be verified
        raise NotYet("The secret of this integration cannot be opened: restore the old SECRET_KEY.")
    return Parcel(arrival.pk, arrival.at, arrival.body, arrival.headers, integration.config, integration.name)


def understood(kind: Kind, parcel: Parcel) -> Reading:
    """What a delivery says. A fault of ours in reading it loses nothing: an alert says what came.

    Raises Unreadable, Forged or NotYet.
    """
    try:
        return kind.read(parcel)
    except (Unreadable, Forged, NotYet):
        raise
    except Exception:
        log.exception("A delivery to %s could not be read", kind.name)
        return Reading([unread(parcel.body.decode(errors="replace"), "The console failed to read it.")])


def arrival_settle(*, arrival: Arrival, reading: Reading, now: datetime) -> None:
    """Write what a delivery says, then that it is read. Killed in between, the same is written again and changes nothing."""
    said = apply(arrival, reading, now)
    if arrival.attempts >= TOLD_FROM:
        say_waiting(arrival, "", now)
    held(arrival).filter(fate=Fate.WAITING).update(fate=Fate.READ, note=said, leased_until=None)


@transaction.atomic
def arrival_refuse(*, arrival: Arrival, why: Exception, now: datetime) -> None:
    """Note why a delivery is not read, and open an alert that says so; what is forged is believed in nothing."""
    forged = isinstance(why, Forged)
    fate = Fate.FORGED if forged else Fate.UNREADABLE
    said = " ".join(getattr(why, "errors", [])) or str(why)
    (say_forged if forged else say_unreadable)(arrival, said, now)
    held(arrival).filter(fate=Fate.WAITING).update(fate=fate, note=said[:2000], leased_until=None)


def arrival_spoil(*, integration: Integration, key: str, start: bytes, why: str, now: datetime) -> None:
    """Keep the beginning of a delivery that is not taken, and open an alert that says why. Raises TooMany."""
    arrival, repeated = arrival_store(integration=integration, key=key, body=start, headers={}, now=now)
    if not repeated:
        arrival.integration = integration
        arrival_refuse(arrival=arrival, why=Unreadable(why), now=now)


def arrivals_read(*, now: datetime) -> int:
    """Read what was stored and is not read yet: what was too large to be read at once, and what a dead process left behind."""
    due = (
        Arrival.objects.filter(fate=Fate.WAITING, due_at__lte=now)
        .select_related("integration")
        .order_by("due_at")
    )
    done = 0
    while rows := claim(due, now=now, lease=SWEPT, limit=20):
        done += each(rows, lambda row: _read(row, now))
    return done


def _read(arrival: Arrival, now: datetime) -> int:
    try:
        reading = understood(kinds[arrival.integration.kind], parcel_of(arrival))
        arrival_settle(arrival=arrival, reading=reading, now=now)
    except (Unreadable, Forged) as error:
        arrival_refuse(arrival=arrival, why=error, now=now)
    except NotYet as error:
        _later(arrival, error, now)
    return 1


def _later(arrival: Arrival, why: NotYet, now: datetime) -> None:
    """Try again later and later, for about two hours; then an alert says that it cannot be read. Long before, one says that it waits."""
    if arrival.attempts + 1 >= MOST_TRIES:
        arrival_refuse(arrival=arrival, why=why, now=now)
        return
    if arrival.attempts + 1 >= TOLD_FROM:
        say_waiting(arrival, str(why), now)
    wait = timedelta(seconds=min(3600, 15 * 2**arrival.attempts))
    held(arrival).update(
        attempts=arrival.attempts + 1, due_at=now + wait, note=f"Not yet: {why}"[:2000], leased_until=None
    )
