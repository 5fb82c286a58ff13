"""The page of what is told together."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from monitoring.alerts.forms.grouping import GroupingForm
from monitoring.alerts.planning import grouping_change, said
from monitoring.alerts.selectors import plan
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.lib import clock
from opsconsole.ui.forms import attempt


def grouping(request: HttpRequest) -> HttpResponse:
    """Everybody may read it."""
    user, current = signed_in(request), plan()
    if request.method == "POST":
        require(user, Role.MANAGER)
    form = GroupingForm.of(current, request.POST or None)
    changes = request.method == "POST"
    if changes and (made := attempt(form, grouping_change, actor=user, now=clock.now())):
        messages.success(request, f"Saved. {said(made)}")
        return redirect("alerts:grouping")
    return render(request, "alerts/grouping.html", {"form": form, "plan": current, "sentence": said(current)})
