"""What may become of a delivery, when it is tried again, and which tone each state has."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from opsconsole.lib.standing import Standing
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus, Health
from opsconsole.outbox.transports.base import Limit

# From a state to those it may take; the sender goes by the first line, people by the others.
TRANSITIONS = {
    DeliveryStatus.WAITING: {DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.CANCELLED},
    DeliveryStatus.FAILED: {DeliveryStatus.WAITING},
    DeliveryStatus.CANCELLED: {DeliveryStatus.WAITING},
    DeliveryStatus.SENT: set[DeliveryStatus](),
}
JITTER = 0.1  # so that what failed together does not come back together


def may_become(old: str, new: str) -> bool:
    return DeliveryStatus(new) in TRANSITIONS[DeliveryStatus(old)]


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


def opens_at(limits: Sequence[Limit], sent: Sequence[datetime], now: datetime) -> datetime | None:
    """When the next message may go, by the moments of those before it; None when it may go now."""
    newest = sorted(sent, reverse=True)
    ends = [newest[limit.most - 1] + limit.span for limit in limits if len(newest) >= limit.most]
    return max((end for end in ends if end > now), default=None)


_STATES = {
    DeliveryStatus.WAITING: Standing("unknown", "Waiting"),
    DeliveryStatus.SENT: Standing("ok", "Delivered"),
    DeliveryStatus.FAILED: Standing("bad", "Not delivered"),
    DeliveryStatus.CANCELLED: Standing("unknown", "Not needed"),
}


def delivery_standing(delivery: Delivery) -> Standing:
    """A message that waits after a failure is worth a look."""
    status = DeliveryStatus(delivery.status)
    if delivery.is_throttled:
        return Standing("look", "Throttled")
    if status == DeliveryStatus.WAITING and delivery.attempts:
        return Standing("look", "Trying again")
    return _STATES[status]


_HEALTH = {
    Health.WORKS: Standing("ok", "Works"),
    Health.FAILING: Standing("bad", "Failing"),
    Health.UNTRIED: Standing("unknown", "Not tried yet"),
}


def channel_standing(channel: Channel) -> Standing:
    """Nothing is green before something went through."""
    if channel.removed_at:
        return Standing("unknown", "Removed")
    if not channel.is_enabled:
        return Standing("bad", "Closed") if channel.disabled_reason else Standing("unknown", "Switched off")
    return _HEALTH[Health(channel.health)]
