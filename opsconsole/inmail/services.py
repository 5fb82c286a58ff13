"""Writers of the inbound mail address."""

import hashlib
import logging
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.inmail.mails import Mail, Unreadable, is_identified, parsed
from opsconsole.inmail.models import Fate, Mailbox, Message
from opsconsole.inmail.takers import Taken, takers
from opsconsole.lib.batches import delete_in_batches
from opsconsole.lib.claims import claim, held
from opsconsole.lib.nudges import nudge
from opsconsole.lib.phrases import listed
from opsconsole.lib.secrets import digest, new_token
from opsconsole.lib.sweeps import each

log = logging.getLogger(__name__)
SORT = "inmail.sort"
LEASE, BATCH = timedelta(minutes=2), 50
AGAIN = [timedelta(minutes=n) for n in (1, 5, 30, 120, 600)]
KEPT_FOR = timedelta(days=90)


@transaction.atomic
def mailbox_key(*, actor: Actor, now: datetime) -> str:
    """A key for the address, shown once; the former one opens nothing from now on."""
    require(actor, Role.MANAGER)
    key = new_token()
    Mailbox.objects.update_or_create(
        pk=1, defaults={"prefix": key[:6], "digest": digest(key), "made_at": now}
    )
    return key


@transaction.atomic
def message_store(*, raw: bytes, envelope: Sequence[str], now: datetime) -> Message:
    """Keep a mail to be read; the one that is there for a repetition. To another recipient it is another mail."""
    to = "\n".join(sorted(envelope))
    identity = hashlib.sha256(to.encode() + b"\0" + raw).hexdigest() if is_identified(raw) else ""
    fields = {
        "at": now,
        "due_at": now,
        "envelope": list(envelope),
        "packed": zlib.compress(raw),
        "size": len(raw),
    }
    nudge(SORT)
    if not identity:
        return Message.objects.create(**fields)
    return Message.objects.get_or_create(identity=identity, defaults=fields)[0]


def messages_sort(*, now: datetime) -> int:
    """Hand each waiting mail to its takers, once; the number of mails. Raises in the end what one failed of."""
    done = 0
    waiting = Message.objects.filter(fate=Fate.WAITING, due_at__lte=now).order_by("due_at", "pk")
    while rows := claim(waiting, now=now, lease=LEASE, limit=BATCH):
        done += each(rows, lambda row: _sort(row, now))
    return done


def _sort(row: Message, now: datetime) -> int:
    try:
        mail = parsed(row.raw, row.envelope, row.at)
    except Unreadable as error:
        return held(row).update(fate=Fate.UNREADABLE, note=str(error), leased_until=None)
    try:
        return _hand(row, mail)
    except Exception as error:
        _later(row, error, now)
        raise


@transaction.atomic
def _hand(row: Message, mail: Mail) -> int:
    """All takers and the mark in one transaction: what they write is written once."""
    if not held(row).select_for_update().exists():
        return 0
    found = [taken for taker in takers if (taken := taker(mail))]
    return held(row).update(
        fate=Fate.TAKEN if found else Fate.NOBODYS,
        note=_note(found, mail),
        url=next((taken.url for taken in found if taken.url), ""),
        sender=mail.sender,
        recipients=list(mail.recipients),
        subject=mail.subject,
        leased_until=None,
    )


def _note(found: Sequence[Taken], mail: Mail) -> str:
    if found:
        return " ".join(taken.note for taken in found)
    return f"Nobody here takes mails to {listed(mail.recipients, most=3) or 'no address'}."


def _later(row: Message, error: Exception, now: datetime) -> None:
    """Try again in a while, and give up in the end."""
    tries = row.attempts
    note = f"It could not be handled ({type(error).__name__}); tried {tries + 1} times."
    if tries < len(AGAIN):
        held(row).update(attempts=tries + 1, due_at=now + AGAIN[tries], note=note, leased_until=None)
    else:
        held(row).update(attempts=tries + 1, fate=Fate.FAILED, note=note, leased_until=None)


def messages_prune(*, now: datetime) -> int:
    """Forget mails that came 90 days ago and wait no longer."""
    old = Message.objects.filter(at__lt=now - KEPT_FOR).exclude(fate=Fate.WAITING)
    return delete_in_batches(old, size=100)
