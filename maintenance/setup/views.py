"""The first visit, and what to do next."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from maintenance.setup import services
from maintenance.setup.forms import OwnerForm
from maintenance.setup.steps import STEPS
from opsconsole.accounts.middleware import public
from opsconsole.accounts.selectors import is_set_up
from opsconsole.lib import clock
from opsconsole.ui.forms import attempt


@public
def owner(request: HttpRequest) -> HttpResponse:
    """One card; afterwards the page is closed for good."""
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and not is_set_up() and _set_up(request, form):
        return redirect("setup:next")
    if is_set_up():
        if request.method == "POST":  # sent twice, or somebody was quicker
            messages.info(request, "This console has its owner. Sign in, or ask them for an account.")
        return redirect("accounts:sign_in")
    return render(request, "setup/owner.html", {"form": form})


def _set_up(request: HttpRequest, form: OwnerForm) -> bool:
    person = attempt(form, services.console_set_up, now=clock.now())
    if person:
        login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return person is not None


def next_steps(request: HttpRequest) -> HttpResponse:
    steps = [(step, step.is_done()) for step in STEPS]
    left = sum(not done for _, done in steps)
    return render(request, "setup/next.html", {"steps": steps, "left": left})
