"""The sender: claims what is due, sends it outside any transaction, several at once, and confirms each as its answer comes.

Threads only talk to the other side; the database is read and written by the caller's thread alone.
"""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from django.conf import settings

from opsconsole.lib.claims import claim
from opsconsole.lib.secrets import SecretUnreadable
from opsconsole.outbox.models import Delivery
from opsconsole.outbox.selectors import due, kind_of, next_in_lanes
from opsconsole.outbox.services.outcomes import Outcome, delivery_confirm
from opsconsole.outbox.services.throttling import bundled, delivery_let_through
from opsconsole.outbox.transports.base import Outgoing, Receipt, Transport, TransportError, transports

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
AT_ONCE, OF_A_LANE = 16, 4
SLOW = 5  # seconds; a lane that took so long rests till the next sweep, so that this one comes to its end
ENDS_AFTER = 20  # seconds; then nothing more is begun
GIVES_UP = 60  # seconds; a transport promises to end within 30


@dataclass
class Flight:
    """A delivery that is being sent."""

    delivery: Delivery
    lane: str
    since: float
    along: list[Delivery]


Flights = dict["Future[Outcome]", Flight]


def send_due(now: datetime) -> int:
    """Send what is due, and what becomes due while slow ones are waited for. Returns how many were attempted."""
    start, done, flights, resting = perf_counter(), 0, Flights(), set[str]()
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="outbox")
    try:
        while True:
            elapsed = perf_counter() - start
            if elapsed < ENDS_AFTER:
                flights |= _take_off(pool, now + timedelta(seconds=elapsed), flights, resting)
            if not flights:
                return done
            wait(flights, timeout=0.5, return_when=FIRST_COMPLETED)
            moment = now + timedelta(seconds=perf_counter() - start)
            for flight, outcome in _ended(flights):
                done += _confirm(flight, outcome, moment)
                if outcome.ms > SLOW * 1000:
                    resting.add(flight.lane)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _take_off(pool: ThreadPoolExecutor, now: datetime, flights: Flights, resting: set[str]) -> Flights:
    """Claim as many as there is room for, and start sending them."""
    lanes = [flight.lane for flight in flights.values()]
    chosen: dict[int, str] = {}
    # More than there is room for, since lanes that are full or rest are passed over.
    for pk, lane in next_in_lanes(now, each=OF_A_LANE, limit=10 * AT_ONCE):
        if len(lanes) < AT_ONCE and lanes.count(lane) < OF_A_LANE and lane not in resting:
            chosen[pk] = lane
            lanes.append(lane)
    # Still due: meanwhile another may have sent one, or a person ended it.
    rows = due(now).filter(pk__in=chosen).select_related("channel")
    claimed = claim(rows, now=now, lease=LEASE, limit=AT_ONCE) if chosen else []
    begun, carried = Flights(), set[int]()
    for place, delivery in enumerate(claimed):
        if delivery.pk in carried:
            continue
        along = delivery_let_through(delivery=delivery, now=now, claimed=claimed[place + 1 :])
        if along is not None:
            carried |= {other.pk for other in along}
            future = pool.submit(attempt, *prepared(delivery, now, along))
            begun[future] = Flight(delivery, chosen[delivery.pk], perf_counter(), along)
    return begun


def _ended(flights: Flights) -> Iterator[tuple[Flight, Outcome]]:
    """Take out what has ended, and what should have."""
    for future, flight in list(flights.items()):
        if future.done():
            del flights[future]
            yield flight, future.result()
        elif perf_counter() - flight.since > GIVES_UP:
            del flights[future]
            yield flight, Outcome(False, f"No end within {GIVES_UP} s.", round(GIVES_UP * 1000))


def _confirm(flight: Flight, outcome: Outcome, now: datetime) -> int:
    """A row that cannot be confirmed keeps its lease and is sent again; the others must not share its fate."""
    try:
        delivery_confirm(delivery=flight.delivery, outcome=outcome, now=now, along=flight.along)
    except Exception:
        log.exception("delivery %s could not be confirmed", flight.delivery.pk)
        return 0
    return 1


def prepared(
    delivery: Delivery, now: datetime, along: Sequence[Delivery] = ()
) -> tuple[Transport | None, Outgoing | str]:
    """The transport and what it is to send; or a sentence why it cannot be sent."""
    transport = transports.get(kind_of(delivery))
    if not transport:
        return None, f"This console has no kind of channel “{kind_of(delivery)}”."
    try:
        return transport, bundled(outgoing(delivery, now), along)
    except SecretUnreadable as error:
        return transport, str(error)
    except Exception as error:  # one malformed row must not stop the others
        log.exception("delivery %s could not be read", delivery.pk)
        return transport, f"The console could not read it: {type(error).__name__}: {error}"


def outgoing(delivery: Delivery, now: datetime) -> Outgoing:
    """Raises SecretUnreadable."""
    content = delivery.content
    return Outgoing(
        uuid=delivery.uuid,
        type=delivery.event.partition(":")[0],
        subject=delivery.subject,
        text=content["text"],
        html=content["html"],
        data=content["data"],
        url=settings.OPSCONSOLE_URL + delivery.about if delivery.about else "",
        config=dict(delivery.channel.config) if delivery.channel else {"address": delivery.recipient},
        created_at=delivery.created_at,
        at=now,
    )


def attempt(transport: Transport | None, message: Outgoing | str) -> Outcome:
    """Send, and say how it went; never raises."""
    if transport is None or isinstance(message, str):
        return Outcome(False, str(message), 0)
    start = perf_counter()
    try:
        result: Receipt | TransportError = transport.send(message)
    except TransportError as error:
        result = error
    except Exception as error:  # a mistake in one transport must not stop the others
        log.exception("message %s could not be sent", message.uuid)
        result = TransportError(f"The console could not send it: {type(error).__name__}: {error}")
    ms = round((perf_counter() - start) * 1000)
    if isinstance(result, Receipt):
        return Outcome(True, result.detail, ms)
    return Outcome(False, str(result), ms, result.permanent, result.retry_after)
