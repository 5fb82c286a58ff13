"""Pages of the catalogue."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from monitoring.catalogue import latencies, pages, selectors, services
from monitoring.catalogue.forms import ServiceForm
from monitoring.catalogue.models import Service, Tier
from monitoring.catalogue.starters import Starter, starters
from monitoring.catalogue.states import Status
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in, team_zone
from opsconsole.lib import clock, htmx
from opsconsole.lib.ids import id_of
from opsconsole.measures import evidence
from opsconsole.ui.forms import attempt


@require_safe
def service_list(request: HttpRequest) -> HttpResponse:
    """All services, the worst first; the form of the first one where there is none."""
    number = id_of(request.GET.get("page")) or 1
    states = [state for state in request.GET.getlist("status") if state in Status.values]
    listed = pages.service_list(text=request.GET.get("q", ""), number=number, now=clock.now(), states=states)
    asked = evidence.asked(request.GET, team_zone(), {"monitoring.uptime", "monitoring.downtime"})
    context: dict[str, Any] = {"list": listed, "asked": asked, "states": states}
    if asked.period:
        context["spell"] = pages.spell(asked.period, clock.now())
    if not listed.all:
        context |= {"form": ServiceForm(), "beside": [starter.form(None) for starter in starters]}
    return htmx.page(request, "catalogue/list.html", context, partial="services")


@require_safe
def service_detail(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(selectors.services(), slug=slug)
    changes = selectors.changes_of(service, before=id_of(request.GET.get("after")))
    context = {
        "page": pages.service_page(
            service=service, span=latencies.span_of(request.GET.get("span")), now=clock.now()
        ),
        "spans": latencies.SPANS.values(),
        "changes": changes,
        "cursor": changes[-1].pk if len(changes) == selectors.CHANGES else None,
    }
    return htmx.page(request, "catalogue/detail.html", context)


def service_new(request: HttpRequest) -> HttpResponse:
    """The service, and what can be created with it in one step."""
    user = signed_in(request)
    require(user, Role.MANAGER)
    first = (
        {} if Service.objects.exists() else {"tier": Tier.CRITICAL}
    )  # what one thinks of first matters most
    form = ServiceForm(request.POST or None, initial=first)
    beside = [(starter, starter.form(request.POST or None)) for starter in starters]
    if request.method == "POST" and all([form.is_valid(), *(other.is_valid() for _, other in beside)]):
        service = _create(user, form, beside, clock.now())
        if service:
            messages.success(request, f"{service.name} is in the catalogue.")
            return redirect("catalogue:detail", service.slug)
    return render(request, "catalogue/new.html", {"form": form, "beside": [other for _, other in beside]})


def _create(
    user: User, form: ServiceForm, beside: list[tuple[Starter, Form]], now: datetime
) -> Service | None:
    """All or nothing; what a service refuses stands on the form that asked for it."""
    asking: Any = form
    try:
        with transaction.atomic():
            service = services.service_create(actor=user, **form.cleaned_data)
            for starter, other in beside:
                asking = other
                starter.save(user, service, other, now)
    except ValidationError as error:
        asking.add_error(None, error)
        return None
    return service


def service_edit(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    require(user, Role.MANAGER)
    service = get_object_or_404(Service, slug=slug)
    form = ServiceForm(request.POST or None, instance=service)
    asked = request.method == "POST"
    if asked and attempt(form, services.service_update, actor=user, service=service) is not None:
        messages.success(request, f"{service.name} is saved.")
        return redirect("catalogue:detail", service.slug)
    shown = selectors.services().get(pk=service.pk)
    return render(
        request,
        "catalogue/edit.html",
        {"form": form, "service": shown, "standing": selectors.standings([shown])[0]},
    )


@require_POST
def service_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """A service that something watches is deleted only by typing its name: what was measured does not come back."""
    user, service = signed_in(request), get_object_or_404(Service, slug=slug)
    require(user, Role.MANAGER)
    watched = bool(selectors.signals_of([service.pk]))
    if watched and request.POST.get("name", "").strip().lower() != service.name.lower():
        messages.error(request, f"Nothing was deleted: type {service.name} to delete it.")
        return redirect("catalogue:edit", service.slug)
    services.service_delete(actor=user, service=service)
    messages.success(request, f"{service.name} is deleted.")
    return redirect("catalogue:list")
