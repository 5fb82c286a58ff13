"""Pages that belong to no noun: refusals, what broke, and whether the web process lives."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from opsconsole.lib.addresses import sent_from


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's cookie was missing or old: the page that it was sent from puts back what was typed."""
    return render(request, "403_csrf.html", {"back": sent_from(request), "reason": reason}, status=403)


def lost(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page. Django's own looks for a token in what was sent, and falls over a form that is too large to be read."""
    said = exception.args[0] if exception.args else ""
    return render(request, "404.html", {"exception": said if isinstance(said, str) else ""}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something was raised that nobody expected; a database that cannot be written or reached is told as such."""
    error = sys.exc_info()[1]
    status = 500
    if isinstance(error, OperationalError | InterfaceError):
        status = 507 if "full" in str(error) or "No space left" in str(error) else 503
    answer = render(request, "500.html", {"status": status}, status=status)
    if status != 500:
        answer["Retry-After"] = "10"
    return answer


@csrf_exempt  # whoever posts to it learns that it takes no POST, not that a cookie is missing
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Liveness: this process answers. It reads no database."""
    return HttpResponse("ok\n", content_type="text/plain")


healthz.is_public = healthz.is_machine = True  # type: ignore[attr-defined]
