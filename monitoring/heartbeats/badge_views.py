"""Badges as the world reads them, and the buttons that make and remove them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from monitoring.heartbeats.badges import Badge
from monitoring.heartbeats.badging import badge_make, badge_read, badge_remove
from monitoring.heartbeats.models import Heartbeat
from opsconsole.accounts.middleware import public
from opsconsole.accounts.selectors import signed_in
from opsconsole.lib import clock

HEADERS = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}


@public
@require_safe
def svg(_request: HttpRequest, states: int, key: UUID) -> HttpResponse:
    return HttpResponse(_read(key, states).svg, content_type="image/svg+xml", headers=HEADERS)


@public
@require_safe
def json(_request: HttpRequest, states: int, key: UUID) -> HttpResponse:
    return JsonResponse(_read(key, states).json, headers=HEADERS)


@public
@require_safe
def shields(_request: HttpRequest, states: int, key: UUID) -> HttpResponse:
    return JsonResponse(_read(key, states).shields, headers=HEADERS)


def _read(key: UUID, states: int) -> Badge:
    if found := badge_read(key, states, clock.now()):
        return found
    raise Http404


@require_POST
def badge_change(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make or remove the badge of one heartbeat, or of all."""
    beat = get_object_or_404(Heartbeat.objects.live(), pk=pk) if pk else None
    if request.POST.get("remove"):
        badge_remove(actor=signed_in(request), heartbeat=beat)
        messages.success(request, "The badge is gone; its addresses answer no more.")
    else:
        badge_make(actor=signed_in(request), heartbeat=beat)
        messages.success(request, "Here is the badge. Whoever has its address sees it.")
    return redirect("heartbeats:detail", pk) if pk else redirect("heartbeats:list")
