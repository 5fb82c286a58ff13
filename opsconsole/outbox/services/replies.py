"""What people write back to a message on their phone: “a”, “7a”, “7e”. Anything else is told once what would be understood."""

import re
from datetime import datetime, timedelta

from django.db import transaction

from opsconsole.outbox.acts import Verb, respond
from opsconsole.outbox.models import Channel, Delivery, Reply, Topic

RECENT, LOOKED_THROUGH = timedelta(days=7), 40
ANSWERS, WITHIN = 5, timedelta(minutes=15)  # then it acts still, and answers no more
HELPED = timedelta(hours=1)
HELP = "Reply a to acknowledge the last incident, 7a for INC-007, e or 7e to escalate it."
NONE_SENT = "No incident of that number was sent to you lately. " + HELP
# The provider itself acts on these words and answers them.
LEFT_ALONE = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "start", "unstop", "help", "info"}
)
_VERBS: dict[str, Verb] = {
    **dict.fromkeys(("a", "ack", "acknowledge"), "acknowledge"),
    **dict.fromkeys(("e", "escalate"), "escalate"),
}
_REPLY = re.compile(r"(?:inc-?)?0*(\d{1,6})?\s*([a-z]+)(?:\s+#?(?:inc-?)?0*(\d{1,6}))?[.!]?")


def understood(text: str) -> tuple[Verb, int | None] | None:
    """“1a”, “a”, “ack 1”, “a #1” → what to do, and the incident's number (None for the last)."""
    found = _REPLY.fullmatch(" ".join(text.lower().split()))
    verb = _VERBS.get(found[2]) if found else None
    if not found or not verb:
        return None
    number = found[1] or found[3]
    return verb, int(number) if number else None


@transaction.atomic
def reply_take(*, channel: Channel, sid: str, text: str, now: datetime) -> str:
    """Do what somebody wrote back, as the person whose channel it is. Returns the answer, or "" for silence.

    The same id twice is done once and answered alike.
    """
    row, fresh = Reply.objects.get_or_create(
        channel=channel, sid=sid[:64], defaults={"at": now, "text": text.strip()[:160]}
    )
    if not fresh:
        return row.answer
    wish = understood(text)
    if wish:
        answer = _done(channel, *wish, now)
    else:
        answer, row.was_help = _helped(channel, text, now), True
    row.answer = answer[:320] if _may_answer(channel, row, now) else ""
    row.save(update_fields=["answer", "was_help"])
    return row.answer


def _done(channel: Channel, verb: Verb, number: int | None, now: datetime) -> str:
    delivery = about(channel, number, now)
    return respond(verb, delivery, now=now).sentence if delivery else NONE_SENT


def about(channel: Channel, number: int | None, now: datetime) -> Delivery | None:
    """The last message about an incident that this channel got, or the last about the incident of this number."""
    sent = Delivery.objects.filter(channel=channel, topic=Topic.INCIDENTS, created_at__gt=now - RECENT)
    for delivery in sent.order_by("-pk")[:LOOKED_THROUGH]:
        of = delivery.content["data"].get("number")
        if of is not None and number in (None, of):
            return delivery
    return None


def _helped(channel: Channel, text: str, now: datetime) -> str:
    before = channel.replies.filter(was_help=True, at__gt=now - HELPED).exclude(answer="")
    silent = text.strip().lower() in LEFT_ALONE or before.exists()
    return "" if silent else HELP


def _may_answer(channel: Channel, row: Reply, now: datetime) -> bool:
    answered = channel.replies.filter(at__gt=now - WITHIN).exclude(answer="").exclude(pk=row.pk)
    return answered.count() < ANSWERS
