"""Pages of changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from monitoring.catalogue.models import Service
from monitoring.changes import selectors, services
from monitoring.changes.forms import ChangeForm, ChangesFilter
from monitoring.changes.models import Change, Kind
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.lib import clock
from opsconsole.lib.htmx import page as render_page
from opsconsole.ui.forms import attempt


@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """All changes, newest first; narrowed to a service, a kind or words."""
    form = ChangesFilter(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    context: dict[str, Any] = {
        "page": selectors.page_of(selectors.changes(**chosen), request.GET.get("after")),
        "lately": selectors.count_lately(clock.now()),
        "chosen": chosen,
        "narrowed": any(chosen.values()),
        "kinds": Kind.choices,
        "services": Service.objects.order_by("name").values_list("slug", "name"),
    }
    return render_page(request, "changes/list.html", context, partial="all_changes")


@require_safe
def change_detail(request: HttpRequest, pk: int) -> HttpResponse:
    change = get_object_or_404(Change.objects.select_related("service", "noted_by"), pk=pk)
    return render(request, "changes/detail.html", {"change": change})


def change_new(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(user, Role.RESPONDER)
    service = Service.objects.filter(slug=request.GET.get("service", "")).first()
    form = ChangeForm(request.POST or None, initial={"service": service})
    done = attempt(form, services.change_note, actor=user, now=clock.now()) if form.is_bound else None
    if done:
        messages.success(
            request, "It is noted, and stands beside every incident that begins within two hours."
        )
        return redirect("changes:list")
    return render(request, "changes/new.html", {"form": form})


@require_POST
def change_remove(request: HttpRequest, pk: int) -> HttpResponse:
    change = get_object_or_404(Change, pk=pk)
    services.change_remove(actor=signed_in(request), change=change)
    messages.success(request, f"“{change.summary[:80]}” is removed.")
    return redirect("changes:list")
