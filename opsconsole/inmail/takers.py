"""Who takes mails: nouns register here in their `plugins.py`. Each looks at every mail, and takes what is sent to it."""

from collections.abc import Callable
from dataclasses import dataclass

from opsconsole.inmail.mails import Mail
from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Taken:
    """What became of a mail, as a sentence, and where that is to be seen."""

    note: str
    url: str = ""


Taker = Callable[[Mail], Taken | None]
"""Called in the transaction that marks the mail as taken, so that what it writes is written once. None: not for me.

It must not raise for what a sender wrote; what it raises is tried again, and told on the page in the end.
"""
takers: Registry[Taker] = Registry("taker of mails")
