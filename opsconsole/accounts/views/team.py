"""The team's name and zone: the first page of the settings."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from opsconsole.accounts import services
from opsconsole.accounts.forms import TeamForm
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import signed_in, team
from opsconsole.ui.forms import attempt


def page(request: HttpRequest) -> HttpResponse:
    user, ours = signed_in(request), team()
    if ours is None:
        return redirect("setup:owner")
    form = TeamForm(request.POST or None, initial={"name": ours.name, "time_zone": ours.time_zone})
    if request.method == "POST" and attempt(form, services.team_update, actor=user, team=ours) is not None:
        messages.success(request, "Saved.")
        return redirect("accounts:team")
    context = {
        "form": form if user.may(Role.OWNER) else None,
        "ours": ours,
        "base_url": settings.OPSCONSOLE_URL,
    }
    return render(request, "accounts/team.html", context)


@require_POST
def ping_key_renew(request: HttpRequest) -> HttpResponse:
    ours = team()
    if ours is not None:
        services.ping_key_renew(actor=signed_in(request), team=ours)
        messages.success(
            request, "The key is replaced. Put the new address into the jobs that report by their name."
        )
    return redirect("accounts:team")
