"""What may become of a delivery, when it is tried again, and which tone each state has."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from opsconsole.outbox.models import Delivery, DeliveryStatus, Health

# From a state to those it may take; the sender goes by the first line, people by the others.
TRANSITIONS = {
    DeliveryStatus.WAITING: {DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.CANCELLED},
    DeliveryStatus.FAILED: {DeliveryStatus.WAITING},
    DeliveryStatus.CANCELLED: {DeliveryStatus.WAITING},
    DeliveryStatus.SENT: set[DeliveryStatus](),
}
HEALTH_TONES = {Health.WORKS: "ok", Health.FAILING: "bad", Health.UNTRIED: "unknown"}
_TONES = {
    DeliveryStatus.WAITING: "unknown",
    DeliveryStatus.SENT: "ok",
    DeliveryStatus.FAILED: "bad",
    DeliveryStatus.CANCELLED: "unknown",
}
JITTER = 0.1  # so that what failed together does not come back together


def may_become(delivery: Delivery, status: DeliveryStatus) -> bool:
    return status in TRANSITIONS[DeliveryStatus(delivery.status)]


def next_try(
    waits: Sequence[timedelta], failures: int, *, now: datetime, chance: float, asked: float | None = None
) -> datetime | None:
    """When to try again after so many failures; None when it is given up.

    chance: 0 to 1, spreads the wait by ±10 %. asked: seconds the other side wants left alone; it may only lengthen the wait.
    """
    if failures > len(waits):
        return None
    wait = waits[failures - 1] * (1 - JITTER + 2 * JITTER * chance)
    return now + max(wait, timedelta(seconds=asked or 0))


def tone(delivery: Delivery) -> str:
    """A message that waits after a failure is worth a look."""
    if delivery.status == DeliveryStatus.WAITING and delivery.attempts:
        return "look"
    return _TONES[DeliveryStatus(delivery.status)]


def word(delivery: Delivery) -> str:
    if delivery.status == DeliveryStatus.WAITING and delivery.attempts:
        return "Trying again"
    return DeliveryStatus(delivery.status).label
