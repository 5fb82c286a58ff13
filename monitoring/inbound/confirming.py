"""Calls that a sender waits for before it sends more: through the guarded client, and only to whom the kind has checked."""

from monitoring.inbound.parcels import NotYet
from opsconsole.lib.http.client import CallFailed, call
from opsconsole.lib.http.easy import Request
from opsconsole.lib.http.guard import Refused


def fetched(url: str) -> bytes:
    """The body that an address answers with. Raises NotYet."""
    try:
        answer = call(Request(url, timeout=10, limit=65_536))
    except (CallFailed, Refused) as error:
        raise NotYet(str(error)) from None
    if answer.status != 200:
        raise NotYet(f"{url.partition('?')[0]} answered {answer.status}.")
    return answer.body


def confirm(url: str) -> None:
    fetched(url)
