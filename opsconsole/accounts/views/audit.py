"""The audit trail, and the failed sign-ins. Nobody can change either."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from opsconsole.accounts import trail
from opsconsole.accounts.forms import AuditFilter
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import failed_sign_ins, people, require, signed_in
from opsconsole.lib import clock, keyset
from opsconsole.lib.htmx import page as render_page


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    require(signed_in(request), Role.OWNER)
    asked = AuditFilter(request.GET)
    chosen = asked.cleaned_data if asked.is_valid() else {}
    found = keyset.page(trail.entries(**chosen), request.GET.get("after"))
    everybody = list(people())
    context = {
        "lines": trail.lines(found.rows),
        "cursor": found.cursor,
        "chosen": chosen,
        "people": everybody,
        "kinds": trail.kinds(),
        "searched": trail.SEARCHED,
    }
    return render_page(request, "accounts/audit.html", context, partial="entries")


@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Failed sign-ins of 30 days, and how many of them in the last 24 hours."""
    require(signed_in(request), Role.RESPONDER)
    now = clock.now()
    rows = keyset.page(failed_sign_ins(now - timedelta(days=30)), request.GET.get("after"))
    lately = failed_sign_ins(now - timedelta(hours=24)).count()
    return render(request, "accounts/sign_ins.html", {"rows": rows, "lately": lately})
