"""How the console cries for help. What can carry a message registers here, since health stands below the outbox."""

from collections.abc import Callable
from datetime import datetime

from opsconsole.lib.registry import Registry

Alarm = Callable[[str, str, str, datetime], None]
"""(event, subject, text, now): tell whoever looks after the console; the same event is told once."""

alarms: Registry[Alarm] = Registry("alarm")


def raise_alarm(event: str, subject: str, text: str, now: datetime) -> None:
    for alarm in alarms:
        alarm(event, subject, text, now)
