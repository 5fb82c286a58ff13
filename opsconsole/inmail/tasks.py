"""What the inbound mail address does by itself."""

from datetime import datetime

from opsconsole.inmail.services import SORT, messages_prune, messages_sort
from opsconsole.lib.sweeps import sweep


@sweep(SORT, title="Hand incoming mails to those who take them")
def sort(now: datetime) -> int:
    return messages_sort(now=now)


@sweep("inmail.prune", title="Forget mails that came 90 days ago")
def forget(now: datetime) -> int:
    return messages_prune(now=now)
