"""The sender: claims what is due, sends it outside any transaction, several at once, and confirms each as its answer comes.

Threads only talk to the other side; the database is read and written by the caller's thread alone.
"""

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from django.conf import settings

from opsconsole.lib.claims import claim
from opsconsole.lib.secrets import SecretUnreadable
from opsconsole.outbox.models import Delivery
from opsconsole.outbox.selectors import kind_of, next_in_lanes
from opsconsole.outbox.services import Outcome, delivery_confirm
from opsconsole.outbox.transports.base import Outgoing, Receipt, Transport, TransportError, transports

LEASE = timedelta(minutes=2)
AT_ONCE, OF_A_LANE = 16, 4
FULL_FOR, ENDS_AFTER = (
    20,
    45,
)  # seconds; in between only lanes that do not hang take off, so that a sweep comes to its end
GIVES_UP = 60  # seconds; a transport promises to end within 30


@dataclass
class Flight:
    """A delivery that is being sent."""

    delivery: Delivery
    lane: str
    since: float


Flights = dict["Future[Outcome]", Flight]


def send_due(now: datetime) -> int:
    """Send what is due, and what becomes due while slow ones are waited for. Returns how many were attempted."""
    start, done, flights = perf_counter(), 0, Flights()
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="outbox")
    try:
        while True:
            elapsed = perf_counter() - start
            moment = now + timedelta(seconds=elapsed)
            if elapsed < ENDS_AFTER:
                flights |= _take_off(pool, moment, flights, OF_A_LANE if elapsed < FULL_FOR else 1)
            if not flights:
                return done
            wait(flights, timeout=0.5, return_when=FIRST_COMPLETED)
            done += _land(flights, now + timedelta(seconds=perf_counter() - start))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _take_off(pool: ThreadPoolExecutor, now: datetime, flights: Flights, each: int) -> Flights:
    """Claim as many as there is room for, and start sending them."""
    lanes = [flight.lane for flight in flights.values()]
    found = next_in_lanes(now, each=each, limit=10 * AT_ONCE)  # lanes that are full are passed over
    chosen: dict[int, str] = {}
    for pk, lane in found:
        if len(lanes) < AT_ONCE and lanes.count(lane) < each:
            chosen[pk] = lane
            lanes.append(lane)
    rows = Delivery.objects.filter(pk__in=chosen).select_related("channel")
    claimed = claim(rows, now=now, lease=LEASE, limit=AT_ONCE) if chosen else []
    return {
        pool.submit(attempt, *prepared(delivery, now)): Flight(delivery, chosen[delivery.pk], perf_counter())
        for delivery in claimed
    }


def _land(flights: Flights, now: datetime) -> int:
    """Confirm what has ended, and give up on what should have."""
    ended = [future for future in flights if future.done()]
    late = [f for f, flight in flights.items() if not f.done() and perf_counter() - flight.since > GIVES_UP]
    for future in (*ended, *late):
        flight = flights.pop(future)
        outcome = (
            future.result()
            if future.done()
            else Outcome(False, f"No end within {GIVES_UP} s.", GIVES_UP * 1000)
        )
        delivery_confirm(delivery=flight.delivery, outcome=outcome, now=now)
    return len(ended) + len(late)


def prepared(delivery: Delivery, now: datetime) -> tuple[Transport | None, Outgoing | str]:
    """The transport and what it is to send; or a sentence why it cannot be sent."""
    transport = transports.get(kind_of(delivery))
    if not transport:
        return None, f"This console has no kind of channel “{kind_of(delivery)}”."
    try:
        return transport, outgoing(delivery, now)
    except SecretUnreadable as error:
        return transport, str(error)


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
        config=delivery.channel.config if delivery.channel else {"address": delivery.recipient},
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
    except Exception as error:  # noqa: BLE001 — a mistake in one transport must not stop the others
        result = TransportError(f"The console could not send it: {type(error).__name__}: {error}")
    ms = round((perf_counter() - start) * 1000)
    if isinstance(result, Receipt):
        return Outcome(True, result.detail, ms)
    return Outcome(False, str(result), ms, result.permanent, result.retry_after)
