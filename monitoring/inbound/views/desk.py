"""Pages of integrations: who may send, what to set there, and what came."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from monitoring.inbound import pages, selectors, services
from monitoring.inbound.forms import IntegrationForm, MappingForm
from monitoring.inbound.kinds import in_order, kinds
from monitoring.inbound.models import Arrival, Integration
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.lib import clock, keyset
from opsconsole.lib.htmx import page as render_page
from opsconsole.lib.secrets import Unreadable as Lost
from opsconsole.ui.forms import attempt


def manager_of(request: HttpRequest) -> User:
    """Keys open doors: only those who may make them see these pages. Raises PermissionDenied."""
    user = signed_in(request)
    require(user, Role.MANAGER)
    return user


@require_safe
def integration_list(request: HttpRequest) -> HttpResponse:
    manager_of(request)
    rows = [pages.row_of(row) for row in selectors.integrations()]
    return render(request, "inbound/list.html", {"rows": rows, "kinds": in_order()})


@never_cache
def integration_new(request: HttpRequest, kind: str) -> HttpResponse:
    """The answer to the form shows the key: this once, and never again."""
    user, chosen = manager_of(request), kinds.get(kind)
    if chosen is None:
        raise Http404
    form = IntegrationForm(request.POST or None, kind=chosen, initial={"name": chosen.title})
    if form.is_bound:
        made = attempt(form, services.integration_create, actor=user, kind=kind, now=clock.now())
        if made:
            return _key_page(request, *made)
    return render(request, "inbound/form.html", {"form": form, "kind": chosen})


def _key_page(request: HttpRequest, row: Integration, key: str) -> HttpResponse:
    context = {"integration": row, "kind": kinds[row.kind], "setup": pages.setup_of(row, key), "key": key}
    return render(request, "inbound/key.html", context)


@require_safe
def integration_detail(request: HttpRequest, pk: int) -> HttpResponse:
    manager_of(request)
    row = get_object_or_404(selectors.integrations(), pk=pk)
    context = {
        "row": pages.row_of(row),
        "integration": row,
        "kind": kinds[row.kind],
        "setup": pages.setup_of(row),
        "page": keyset.page(selectors.arrivals(row), request.GET.get("after"), size=25),
        "tones": pages.TONES,
        "lost": isinstance(row.config, Lost),
        "now": clock.now(),
    }
    return render_page(request, "inbound/detail.html", context, partial="arrivals")


def integration_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, row = manager_of(request), get_object_or_404(Integration, pk=pk)
    form = IntegrationForm.of(row, kinds[row.kind], request.POST or None)
    if form.is_bound and attempt(form, services.integration_update, actor=user, integration=row) is not None:
        messages.success(request, f"{row.name} is saved.")
        return redirect("inbound:detail", pk)
    return render(request, "inbound/form.html", {"form": form, "kind": kinds[row.kind], "integration": row})


@never_cache
@require_POST
def key_renew(request: HttpRequest, pk: int) -> HttpResponse:
    user, row = manager_of(request), get_object_or_404(Integration, pk=pk)
    key = services.integration_key_renew(actor=user, integration=row, now=clock.now())
    return _key_page(request, row, key)


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    user, row = manager_of(request), get_object_or_404(Integration, pk=pk)
    services.integration_switch(actor=user, integration=row, on=not row.is_active)
    messages.success(request, f"{row.name} is switched {'on' if row.is_active else 'off'}.")
    return redirect("inbound:detail", pk)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Only what is switched off: two steps instead of a question."""
    user, row = manager_of(request), get_object_or_404(Integration, pk=pk, is_active=False)
    services.integration_remove(actor=user, integration=row, now=clock.now())
    messages.success(request, f"{row.name} is removed; what it said fires is over.")
    return redirect("inbound:list")


@require_safe
def arrival_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One delivery with all that came. Whoever answers alerts may read it; it holds no key."""
    require(signed_in(request), Role.RESPONDER)
    arrival = get_object_or_404(Arrival.objects.select_related("integration"), pk=pk)
    context = {
        "arrival": arrival,
        "body": pages.readable(arrival.body),
        "tone": pages.TONES.get(arrival.fate),
    }
    return render(request, "inbound/arrival.html", context)


def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Where in the JSON each field stands, beside the last delivery and what it would become."""
    user, row = manager_of(request), get_object_or_404(Integration, pk=pk)
    if not kinds[row.kind].mapped:
        raise Http404
    arrival, data = pages.last_json(row)
    form = MappingForm(request.POST or None, initial=pages.mapping_of(row, data))
    if form.is_bound and form.is_valid():
        services.integration_map(actor=user, integration=row, mapping=form.cleaned_data)
        messages.success(request, "It is saved, and read so from the next delivery on.")
        return redirect("inbound:detail", pk)
    given = form.data if form.is_bound else form.initial
    context: dict[str, Any] = {"integration": row, "form": form, "arrival": arrival, **_preview(given, data)}
    context["body"] = pages.readable(arrival.body) if arrival else ""
    return render(request, "inbound/mapping.html", context)


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the last delivery would become: asked for while the paths are typed."""
    manager_of(request)
    arrival, data = pages.last_json(get_object_or_404(Integration, pk=pk))
    return render(request, "inbound/_preview.html", {"arrival": arrival, **_preview(request.GET, data)})


def _preview(given: Any, data: Any) -> dict[str, Any]:
    form = MappingForm(given)
    if not form.is_valid():
        return {"wrong": form, "preview": None}
    return {"preview": pages.preview_of(form.cleaned_data, data) if data is not None else None}
