"""What providers say of a message after they took it: that it arrived, or that it did not after all."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from opsconsole.lib.nudges import nudge
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus
from opsconsole.outbox.services import SWEEP
from opsconsole.outbox.services.outcomes import Outcome, again_at, bury, channel_heard


@transaction.atomic
def receipt_note(*, channel: Channel, uuid: UUID, words: str, arrived: bool | None, now: datetime) -> None:
    """Keep what the provider says with the attempt it speaks of. arrived: None while it is on its way.

    What did not arrive counts as a failed attempt: it is tried again, until its tries are used up.
    """
    row = Delivery.objects.select_for_update().filter(channel=channel, uuid=uuid).first()
    attempt = row.tries.filter(ok=True).order_by("-pk").first() if row else None
    if not row or not attempt:
        return
    attempt.receipt, attempt.receipt_at = words[:250], now
    attempt.save(update_fields=["receipt", "receipt_at"])
    if arrived is False and row.status == DeliveryStatus.SENT:
        _returned(row, words, now)


def _returned(row: Delivery, words: str, now: datetime) -> None:
    again = again_at(row, now)
    row.status = DeliveryStatus.WAITING if again else DeliveryStatus.FAILED
    row.due_at, row.last_error, row.sent_at = again or row.due_at, words, None
    row.save(update_fields=["status", "due_at", "last_error", "sent_at"])
    if row.channel:
        channel_heard(channel=row.channel, ok=False, detail=words, now=now)
    if again:
        nudge(SWEEP)
    else:
        bury(row, Outcome(False, words), now)
