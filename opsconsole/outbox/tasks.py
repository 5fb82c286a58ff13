"""The outbox's sweeps."""

from datetime import datetime

from opsconsole.lib.sweeps import sweep
from opsconsole.outbox.sending import send_due
from opsconsole.outbox.services import SWEEP, deliveries


@sweep(SWEEP, title="Send the messages that are due")
def deliveries_send(now: datetime) -> int:
    return deliveries.deliveries_end(now=now) + send_due(now)


@sweep("outbox.deliveries_prune", title="Forget messages that ended 90 days ago")
def deliveries_prune(now: datetime) -> int:
    return deliveries.deliveries_prune(now=now)
