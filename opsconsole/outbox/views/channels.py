"""Channels: who is told, whether it works, and a test that proves it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.lib import clock
from opsconsole.lib.htmx import page as render_page
from opsconsole.lib.ids import id_of
from opsconsole.lib.secrets import Unreadable
from opsconsole.outbox.forms import channel_form
from opsconsole.outbox.models import Channel
from opsconsole.outbox.overview import channel_row, channel_rows, deliveries, delivery_row, troubles
from opsconsole.outbox.selectors import TEST
from opsconsole.outbox.services import channels as services
from opsconsole.outbox.transports.base import ConfigForm, Group, Transport, transports
from opsconsole.outbox.transports.phones import is_reachable
from opsconsole.outbox.views.deliveries import progress_context
from opsconsole.ui.forms import taken, told

COMMON = ("name", "topics", "user", "fallback", "fallback_after")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    rows, removed = channel_rows(), id_of(request.GET.get("removed"))
    context = {
        "rows": rows,
        "works": sum(row.standing.tone == "ok" for row in rows),
        "broken": sum(row.standing.tone == "bad" for row in rows),
        "troubles": troubles(clock.now()),
        "groups": grouped(),
        "missing": sorted({t.missing() for row in rows if (t := row.transport)} - {""}),
        "removed": Channel.with_removed.filter(pk=removed).first() if removed else None,
    }
    return render(request, "outbox/channels.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel.with_removed.select_related("user", "fallback"), pk=pk)
    row = channel_row(channel)
    recent = list(deliveries(channel=str(pk)).order_by("-pk")[:10])
    test = next((d for d in recent if d.event.startswith(TEST)), None)
    context = {
        "row": row,
        "channel": channel,
        "recent": [delivery_row(d) for d in recent],
        "test": progress_context(test, clock.now()) if test else None,
        **_signing(channel, clock.now()),
        "hook": _hook(channel),
    }
    return render(request, "outbox/channel.html", context)


def _signing(channel: Channel, now: datetime) -> dict[str, object]:
    """Whether calls are signed, and until when a former secret signs as well, if one still does."""
    transport = transports.get(channel.kind)
    if not transport or not transport.signed or isinstance(channel.config, Unreadable):
        return {"signed": False}
    until = transport.former_until(channel.config)
    return {"signed": True, "renewing": until if until and until > now else None}


def _hook(channel: Channel) -> dict[str, object] | None:
    """Where its provider calls back, and what to do with that address; None for kinds without."""
    transport = transports.get(channel.kind)
    if not transport or not transport.hook or isinstance(channel.config, Unreadable):
        return None
    url, base = transport.hook_url(channel.config), settings.OPSCONSOLE_URL
    return {"url": url, "use": transport.hook_use, "reachable": is_reachable(), "base": base} if url else None


def grouped() -> list[tuple[str, list[Transport]]]:
    """The kinds as somebody chooses among them."""
    by_group = [(group.value, [t for t in transports if t.group == group]) for group in Group]
    return [(title, sorted(kinds, key=lambda kind: kind.label.lower())) for title, kinds in by_group if kinds]


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    require(signed_in(request), Role.MANAGER)
    return render(request, "outbox/channel_new.html", {"groups": grouped()})


def new(request: HttpRequest, kind: str) -> HttpResponse:
    require(signed_in(request), Role.MANAGER)
    if kind not in transports:
        raise Http404
    if kind == "push":  # only a browser can give what its form wants
        return redirect("outbox:devices")
    return _edit(request, transports[kind], None)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    require(signed_in(request), Role.MANAGER)
    channel = get_object_or_404(Channel, pk=pk)
    if channel.kind not in transports:
        raise Http404
    return _edit(request, transports[channel.kind], channel)


def _edit(request: HttpRequest, transport: Transport, channel: Channel | None) -> HttpResponse:
    lost = bool(channel and isinstance(channel.config, Unreadable))
    form = channel_form(transport, None if lost else channel, request.POST or None)
    if request.method == "POST" and form.is_valid() and (saved := _save(request, form, transport, channel)):
        messages.success(request, f"{saved.name} is saved. Send a test to see whether it works.")
        return redirect("outbox:channel", saved.pk)
    context = {"form": form, "transport": transport, "channel": channel, "lost": lost}
    return render(request, "outbox/channel_form.html", context)


def _save(
    request: HttpRequest, form: ConfigForm, transport: Transport, channel: Channel | None
) -> Channel | None:
    """None when the service refused; the form says why."""
    given: dict[str, Any] = {name: form.cleaned_data[name] for name in COMMON if name in form.cleaned_data}
    given |= {"actor": signed_in(request), "config": form.config()}
    if channel:
        return taken(form, lambda: services.channel_update(channel=channel, **given))
    return taken(form, lambda: services.channel_create(kind=transport.kind, **given))


@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=pk)
    delivery = services.channel_test(actor=signed_in(request), channel=channel, now=clock.now())
    if request.headers.get("HX-Request"):
        return render(request, "outbox/_progress.html", progress_context(delivery, clock.now()))
    return redirect("outbox:channel", pk)


@require_POST
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=pk)
    services.channel_enable(actor=signed_in(request), channel=channel)
    messages.success(request, f"{channel.name} is open again; what waited for it goes out now.")
    return redirect("outbox:channel", pk)


@require_POST
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=pk)
    services.channel_disable(actor=signed_in(request), channel=channel)
    messages.success(request, f"{channel.name} is switched off; nothing more is sent there.")
    return redirect("outbox:channel", pk)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=pk)
    services.channel_remove(actor=signed_in(request), channel=channel, now=clock.now())
    return redirect(f"{reverse('outbox:channels')}?removed={pk}")


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel.with_removed, pk=pk)
    try:
        services.channel_restore(actor=signed_in(request), channel=channel)
    except ValidationError:
        messages.error(request, f"Another channel is called {channel.name} now; rename that one first.")
        return redirect("outbox:channels")
    messages.success(request, f"{channel.name} is back.")
    return redirect("outbox:channel", pk)


@never_cache
@require_safe
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """The signing secret in the clear, for managers, on its own page or in place of the dots."""
    require(signed_in(request), Role.MANAGER)
    channel = get_object_or_404(Channel, pk=pk)
    transport = transports.get(channel.kind)
    if not transport or not transport.signed or isinstance(channel.config, Unreadable):
        raise Http404
    context = {"channel": channel, "secret": transport.secret(channel.config)}
    return render_page(request, "outbox/secret.html", context, partial="secret")


@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=pk)
    with told(request, "The secret is replaced. For 24 hours both sign; change it at the receiver by then."):
        services.channel_secret_renew(actor=signed_in(request), channel=channel, now=clock.now())
    return redirect("outbox:channel", pk)
