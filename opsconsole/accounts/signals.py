"""What others tell this noun."""

from typing import Any

from axes.signals import user_locked_out
from django.dispatch import receiver
from django.http import HttpRequest

from opsconsole.accounts import services
from opsconsole.accounts.selectors import lock_ends_at
from opsconsole.lib import clock


@receiver(user_locked_out, dispatch_uid="accounts.lock_notice")
def lock_notice(request: HttpRequest, username: str, ip_address: str | None, **_rest: Any) -> None:
    """axes says so at the fifth failure and at every further try; the notice itself is written once for each lock."""
    now = clock.now()
    until = lock_ends_at(request, username, now=now)
    services.lock_notice_send(email=username, address=ip_address or "", until=until, now=now)
