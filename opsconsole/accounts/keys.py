"""Machines: who is behind the key of a request."""

from datetime import timedelta

from django.http import HttpRequest

from opsconsole.accounts.models import ApiKey, Scope
from opsconsole.accounts.selectors import api_key_holder
from opsconsole.accounts.services import api_key_used
from opsconsole.lib import clock

NOTED_EVERY = timedelta(minutes=1)
_REACH = (Scope.READ, Scope.WRITE, Scope.ADMIN)


def holder_of(request: HttpRequest, scope: Scope) -> ApiKey | None:
    """The valid key in `Authorization: Bearer …`, with its user, if it reaches as far as `scope`; else None.

    Notes the use at most once a minute, so that a scraper costs no write each time.
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        return None
    now = clock.now()
    key = api_key_holder(token.strip(), now=now)
    if key is None or _REACH.index(Scope(key.scope)) < _REACH.index(scope):
        return None
    if key.last_used_at is None or now - key.last_used_at >= NOTED_EVERY:
        api_key_used(key=key, now=now)
    return key
