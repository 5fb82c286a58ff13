"""Keys of machines: made, shown once, revoked."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from opsconsole.accounts import services
from opsconsole.accounts.forms import KeyForm
from opsconsole.accounts.models import ApiKey, User
from opsconsole.accounts.selectors import api_keys, signed_in
from opsconsole.accounts.states import is_open, key_standing
from opsconsole.lib import clock
from opsconsole.ui.forms import attempt


@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """One's own keys; an owner sees everybody's."""
    user, now = signed_in(request), clock.now()
    form = KeyForm(request.POST or None)
    made = attempt(form, _create, user=user, now=now) if request.method == "POST" else None
    rows = [(key, key_standing(key, now)) for key in api_keys(user)]
    context = {"rows": rows, "count": sum(is_open(key, now) for key, _ in rows)}
    return render(
        request, "accounts/keys.html", context | {"form": KeyForm() if made else form, "made": made}
    )


def _create(*, user: User, now: datetime, days: int, **given: Any) -> tuple[ApiKey, str]:
    expires_at = now + timedelta(days=days) if days else None
    return services.api_key_create(actor=user, user=user, expires_at=expires_at, **given)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    key = get_object_or_404(api_keys(user), pk=pk)
    services.api_key_revoke(actor=user, key=key, now=clock.now())
    messages.success(request, f"{key.name} is revoked; whoever used it is refused from now on.")
    return redirect("accounts:keys")
