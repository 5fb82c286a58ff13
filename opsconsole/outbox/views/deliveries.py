"""Deliveries: what was sent to whom, every attempt, and what does not get through."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import etag, require_POST, require_safe

from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import signed_in, team_zone
from opsconsole.lib import clock, keyset
from opsconsole.lib.addresses import path_of
from opsconsole.lib.htmx import page as render_page
from opsconsole.lib.secrets import digest
from opsconsole.measures import evidence
from opsconsole.outbox.forms import THROTTLED, DeliveriesFilter
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus
from opsconsole.outbox.overview import MOST, content, deliveries, delivery_row, of_figure, sums, troubles
from opsconsole.outbox.selectors import FIGURES
from opsconsole.outbox.services import deliveries as services
from opsconsole.ui.forms import told

WATCHED_FOR = timedelta(seconds=90)  # a page follows a message whose next attempt is so near


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    form, now = DeliveriesFilter(request.GET), clock.now()
    form.is_valid()
    chosen, asked = form.cleaned_data, evidence.asked(request.GET, team_zone(), FIGURES)
    rows = of_figure(deliveries(**chosen), asked, now)
    found = keyset.page(rows, request.GET.get("after"))
    context: dict[str, Any] = {
        "asked": asked,
        "count": rows.count() if asked.period else None,
        "rows": [delivery_row(delivery) for delivery in found.rows],
        "cursor": found.cursor,
        "chosen": chosen,
        "narrowed": any(chosen.values()) or asked.is_on,
        "states": [*DeliveryStatus.choices, THROTTLED],
        "channels": Channel.objects.values_list("pk", "name"),
    }
    if request.headers.get("HX-Target") != "deliveries":
        context |= {"sums": sums(now), "most": MOST, "troubles": troubles(now)}
    return render_page(request, "outbox/deliveries.html", context, partial="deliveries")


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(
        Delivery.objects.select_related("channel", "bundled_into", "instead_of__channel"), pk=pk
    )
    may_read = signed_in(request).may(Role.RESPONDER)
    context = {
        "delivery": delivery,
        "content": content(delivery, may_read=may_read),
        "stand_ins": list(delivery.stand_ins.select_related("channel").defer("content")[:5]),
        "bundled": list(delivery.bundled.only("pk", "subject")[:20]),
        "tries": list(delivery.tries.order_by("-pk")[:100]),
    }
    return render(request, "outbox/delivery.html", context | progress_context(delivery, clock.now()))


def polls(delivery: Delivery, now: datetime) -> bool:
    """Whether something is about to happen that is worth asking for."""
    return delivery.status == DeliveryStatus.WAITING and delivery.due_at - now < WATCHED_FOR


def progress_context(delivery: Delivery, now: datetime) -> dict[str, Any]:
    return {"row": delivery_row(delivery), "polls": polls(delivery, now), "last": delivery.tries.last()}


def _seen_on(request: HttpRequest) -> str:
    """The page on which the progress is watched, so that the rest of it is brought up to date at the end."""
    path = path_of(request.headers.get("HX-Current-URL", "")).partition("?")[0]
    return path if path.startswith((reverse("outbox:deliveries"), reverse("outbox:channels"))) else ""


def _stamp(request: HttpRequest, pk: int) -> str | None:
    """All that the answer depends on."""
    found = Delivery.objects.filter(pk=pk).only("status", "attempts", "due_at", "leased_until").first()
    if not found:
        return None
    facts = (
        found.status,
        found.attempts,
        found.due_at,
        found.leased_until,
        polls(found, clock.now()),
        _seen_on(request),
    )
    return f'"{digest(str(facts))[:20]}"'


@require_safe
@etag(_stamp)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a message is; asked for every second until it has ended, or waits for longer."""
    delivery = get_object_or_404(Delivery.objects.select_related("channel").defer("content"), pk=pk)
    context = progress_context(delivery, clock.now()) | {"page": _seen_on(request)}
    return render(request, "outbox/_progress.html", context)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery, pk=pk)
    with told(request, "It is tried now."):
        services.delivery_retry(actor=signed_in(request), delivery=delivery, now=clock.now())
    return redirect("outbox:delivery", pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery, pk=pk)
    with told(request, "It is cancelled and will not be sent. “Send it after all” takes that back."):
        services.delivery_cancel(actor=signed_in(request), delivery=delivery, now=clock.now())
    return redirect("outbox:delivery", pk)
