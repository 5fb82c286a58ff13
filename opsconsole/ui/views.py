"""Pages that belong to no noun: refusals, and whether the web process lives."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from opsconsole.lib.addresses import sent_from


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's cookie was missing or old: the page that it was sent from puts back what was typed."""
    return render(request, "403_csrf.html", {"back": sent_from(request), "reason": reason}, status=403)


def healthz(_request: HttpRequest) -> HttpResponse:
    """Liveness: this process answers. It reads no database."""
    return HttpResponse("ok\n", content_type="text/plain")


healthz.is_public = healthz.is_machine = True  # type: ignore[attr-defined]
