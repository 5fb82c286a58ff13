"""Pages of rules by which one alert silences others."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from monitoring.alerts import inhibition_pages as pages
from monitoring.alerts import inhibitions
from monitoring.alerts.forms.inhibitions import InhibitionForm
from monitoring.alerts.models import Inhibition
from monitoring.alerts.shipped import INHIBITIONS
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.lib import clock
from opsconsole.ui.forms import attempt


@require_safe
def inhibition_list(request: HttpRequest) -> HttpResponse:
    rows = pages.rows()
    context = {"rows": rows, "heading": pages.heading(rows), "ready": INHIBITIONS.values()}
    return render(request, "alerts/inhibitions.html", context)


def inhibition_new(request: HttpRequest) -> HttpResponse:
    """With `?template=` a ready one fills the form. “Try it” keeps nothing."""
    user = signed_in(request)
    require(user, Role.MANAGER)
    ready = INHIBITIONS.get(request.GET.get("template", ""))
    form = InhibitionForm(request.POST or None, initial=vars(ready) if ready else {})
    if _saves(request) and (row := attempt(form, inhibitions.inhibition_create, actor=user, now=clock.now())):
        messages.success(request, f"In force: {row}.")
        return redirect("alerts:inhibitions")
    return _form(request, form)


def inhibition_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    require(user, Role.MANAGER)
    row = get_object_or_404(Inhibition, pk=pk)
    form = InhibitionForm.of(row, request.POST or None)
    saves = _saves(request)
    if (
        saves
        and attempt(form, inhibitions.inhibition_update, actor=user, inhibition=row, now=clock.now())
        is not None
    ):
        messages.success(request, f"Saved: {row}. What it does not silence any more is told now.")
        return redirect("alerts:inhibitions")
    return _form(request, form, row)


@require_safe
def inhibition_preview(request: HttpRequest) -> HttpResponse:
    """What the rule in the form would silence now: asked for while it is typed."""
    require(signed_in(request), Role.MANAGER)
    return render(request, "alerts/_silenced.html", {"preview": pages.preview(request.GET.dict())})


@require_POST
def inhibition_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Inhibition, pk=pk)
    inhibitions.inhibition_remove(actor=signed_in(request), inhibition=row, now=clock.now())
    messages.success(request, f"Removed: {row}. What it kept silent and still fires is told now.")
    return redirect("alerts:inhibitions")


def _saves(request: HttpRequest) -> bool:
    return request.method == "POST" and "try" not in request.POST


def _form(request: HttpRequest, form: InhibitionForm, row: Inhibition | None = None) -> HttpResponse:
    given = {name: form[name].value() or "" for name in form.fields}
    context = {"form": form, "rule": row, "preview": pages.preview(given)}
    return render(request, "alerts/inhibition.html", context)
