"""Who may come in, and as what."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from opsconsole.accounts import services
from opsconsole.accounts.forms import InviteForm, PersonForm
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import MEANING, Role
from opsconsole.accounts.selectors import people, require, signed_in
from opsconsole.accounts.states import person_standing
from opsconsole.lib import clock
from opsconsole.ui.forms import attempt, told


def page(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    rows = [(person, person_standing(person, now)) for person in people()]
    active = sum(person.is_active for person, _ in rows)
    context = {"rows": rows, "active": active, "roles": [(role.label, MEANING[role]) for role in Role]}
    return render(request, "accounts/people.html", context)


@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """The link is shown in the answer itself, once."""
    require(signed_in(request), Role.OWNER)
    form = InviteForm(request.POST or None)
    given = {"actor": signed_in(request), "now": clock.now()}
    if request.method == "POST" and (invited := attempt(form, services.user_invite, **given)):
        return render(request, "accounts/invited.html", {"person": invited[0], "link": invited[1]})
    return render(request, "accounts/invite.html", {"form": form})


def person(request: HttpRequest, pk: int) -> HttpResponse:
    actor, found = signed_in(request), get_object_or_404(User, pk=pk)
    require(actor, Role.OWNER)
    form = PersonForm(request.POST or None, initial={"name": found.name, "role": found.role})
    if request.method == "POST" and attempt(form, services.user_update, actor=actor, user=found) is not None:
        messages.success(request, f"{found} is saved.")
        return redirect("accounts:people")
    context = {"person": found, "standing": person_standing(found, clock.now()), "form": form}
    return render(request, "accounts/person.html", context)


@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    with told(request, f"{found} is signed out everywhere and cannot come in any more."):
        services.user_deactivate(actor=signed_in(request), user=found, now=clock.now())
    return redirect("accounts:person", pk)


@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    services.user_reactivate(actor=signed_in(request), user=found)
    messages.success(request, f"{found} can sign in again.")
    return redirect("accounts:person", pk)


@never_cache
@require_POST
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk, is_active=True)
    try:
        link = services.invitation_send(actor=signed_in(request), user=found, now=clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("accounts:person", pk)
    return render(request, "accounts/invited.html", {"person": found, "link": link})
