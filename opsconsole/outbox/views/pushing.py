"""Notifications on one's own devices: allowed in the browser, kept as a channel, forgotten with a button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opsconsole.accounts.middleware import public
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.lib import clock
from opsconsole.outbox.models import Channel
from opsconsole.outbox.overview import channel_row
from opsconsole.outbox.services.pushing import push_forget, push_key, push_subscribe
from opsconsole.outbox.transports.push import PushForm, public_key
from opsconsole.ui.forms import all_complaints, taken, told


@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(user, Role.RESPONDER)
    if request.method == "POST":
        return _subscribed(request)
    rows = [channel_row(row) for row in Channel.objects.filter(kind="push", user=user).select_related("user")]
    open_ones = sum(row.channel.is_enabled for row in rows)
    return render(request, "outbox/devices.html", {"rows": rows, "count": open_ones})


@require_POST
def key(request: HttpRequest) -> HttpResponse:
    """The console's public key, which the browser needs before it subscribes; made with the first need."""
    require(signed_in(request), Role.RESPONDER)
    return JsonResponse({"key": public_key(push_key())})


def _subscribed(request: HttpRequest) -> HttpResponse:
    form, user = PushForm(request.POST), signed_in(request)
    channel = (
        taken(form, lambda: push_subscribe(actor=user, config=form.config())) if form.is_valid() else None
    )
    if channel is None:
        messages.error(request, all_complaints(form))
        return redirect("outbox:devices")
    messages.success(request, "This browser notifies you from now on. Send a test to see it.")
    return redirect("outbox:channel", channel.pk)


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=pk, kind="push")
    with told(request, f"{channel} is forgotten and notifies nobody any more."):
        push_forget(actor=signed_in(request), channel=channel, now=clock.now())
    return redirect("outbox:devices")


@public
@require_safe
@cache_control(max_age=3600)
def worker(request: HttpRequest) -> HttpResponse:
    """The script that wakes when a message comes; it stands at the root, since it may act on what lies below it only."""
    return render(request, "outbox/worker.js", content_type="text/javascript; charset=utf-8")
