"""Pages of silences and maintenance windows."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from monitoring.alerts import quieting, windows
from monitoring.alerts.forms.silences import SilenceForm
from monitoring.alerts.forms.windows import WindowForm, initial_of_window
from monitoring.alerts.matching import exactly, written
from monitoring.alerts.models import Alert, Silence, Window
from monitoring.alerts.mutes import muted
from monitoring.alerts.muting import labels_of
from monitoring.alerts.silencing import fitting
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in, team_zone
from opsconsole.lib import clock
from opsconsole.lib.ids import id_of
from opsconsole.ui.forms import attempt, taken


@require_safe
def mute_list(request: HttpRequest) -> HttpResponse:
    return render(request, "alerts/mutes.html", {"muted": muted(clock.now())})


def silence_new(request: HttpRequest) -> HttpResponse:
    """With `?alert=` the matchers of that alert are filled in."""
    user, now = signed_in(request), clock.now()
    require(user, Role.RESPONDER)
    form = SilenceForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and (silence := attempt(form, quieting.silence_create, actor=user, now=now)):
        messages.success(request, f"Silenced: {silence}. It ends by itself. {fitting(silence)}")
        return redirect("alerts:mutes")
    return _form(
        request, form, "Silence alerts", "Alerts go on being kept; nobody is told until the silence ends."
    )


def window_new(request: HttpRequest) -> HttpResponse:
    user, now = signed_in(request), clock.now()
    require(user, Role.RESPONDER)
    form = WindowForm(request.POST or None, initial={"zone": team_zone().key, "starts_at": now})
    if request.method == "POST" and form.is_valid():
        window = taken(form, lambda: windows.window_create(actor=user, now=now, **form.what))
        if window:
            messages.success(request, f"Planned: {window}. What is down at its end is told then.")
            return redirect("alerts:mutes")
    return _form(request, form, "Plan maintenance", _ABOUT)


_ABOUT = (
    "Probes go on measuring, and nobody is told; what is down at the end is told then. The time counts as maintenance, not as up or"
    " down; it may lie up to 30 days behind us."
)


def window_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Also of one that is over: what was counted is counted anew."""
    user, now, window = signed_in(request), clock.now(), get_object_or_404(Window, pk=pk)
    require(user, Role.RESPONDER)
    form = WindowForm(request.POST or None, initial=initial_of_window(window))
    if request.method == "POST" and form.is_valid():
        changed = taken(form, lambda: windows.window_change(actor=user, window=window, now=now, **form.what))
        if changed:
            messages.success(request, f"Changed: {changed}. Its time is counted anew within a minute.")
            return redirect("alerts:mutes")
    return _form(request, form, "Change maintenance", _ABOUT, window)


@require_POST
def silence_end(request: HttpRequest, pk: int) -> HttpResponse:
    silence = get_object_or_404(Silence, pk=pk)
    quieting.silence_end(actor=signed_in(request), silence=silence, now=clock.now())
    messages.success(request, "The silence is over. What still fires is told now.")
    return redirect("alerts:mutes")


@require_POST
def window_end(request: HttpRequest, pk: int) -> HttpResponse:
    window = get_object_or_404(Window, pk=pk)
    windows.window_end(actor=signed_in(request), window=window, now=clock.now())
    messages.success(request, "The maintenance is over and does not come again. What is down is told now.")
    return redirect("alerts:mutes")


@require_POST
def window_remove(request: HttpRequest, pk: int) -> HttpResponse:
    window = get_object_or_404(Window, pk=pk)
    windows.window_remove(actor=signed_in(request), window=window, now=clock.now())
    messages.success(request, "It is taken back. Its time counts like any other, within a minute.")
    return redirect("alerts:mutes")


def _initial(request: HttpRequest) -> dict[str, Any]:
    pk = id_of(request.GET.get("alert"))
    alert = Alert.objects.select_related("service").filter(pk=pk).first() if pk else None
    return {"matchers": written(exactly(labels_of(alert), ("source", "alertname")))} if alert else {}


def _form(
    request: HttpRequest, form: forms.Form, title: str, about: str, window: Window | None = None
) -> HttpResponse:
    given = {"form": form, "title": title, "about": about, "window": window}
    return render(request, "alerts/mute_new.html", given)
