"""The page behind the link of a message: no sign-in, no script, and looking at it changes nothing."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from incidents.response import services
from incidents.response.bearers import Access, access, actor_of
from incidents.response.forms import NoteForm, ResolveForm, SeverityForm
from incidents.response.pages import view_of
from incidents.response.states import Severity
from incidents.response.views.incident import say
from opsconsole.accounts.middleware import public
from opsconsole.accounts.roles import Role
from opsconsole.lib import clock
from opsconsole.ui.forms import attempt

LINES = 40


@public
@csrf_exempt  # the token in the address is the secret; a phone's mail reader may refuse cookies
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """404 for an unknown link, 410 for one that has expired."""
    found = access(token, clock.now())
    if found is None:
        raise Http404
    if found.expired:
        return _safe(render(request, "response/expired.html", {"incident": found.incident}, status=410))
    if request.method == "POST":
        return _act(request, found, token)
    return _show(request, found, NoteForm())


def _show(request: HttpRequest, found: Access, note: NoteForm, status: int = 200) -> HttpResponse:
    actor = actor_of(found.page, request.user)
    view = view_of(found.incident, clock.now(), lines=LINES)
    context = {
        "view": view,
        "incident": found.incident,
        "may": actor.may(Role.RESPONDER),
        "note": note,
        "worse": Severity(found.incident.severity - 1) if found.incident.severity else None,
    }
    return _safe(render(request, "response/acknowledge.html", context, status=status))


def _act(request: HttpRequest, found: Access, token: str) -> HttpResponse:
    actor, now = actor_of(found.page, request.user), clock.now()
    given: dict[str, Any] = {"actor": actor, "incident": found.incident, "now": now}
    verb = request.POST.get("act", "acknowledge")
    form: forms.Form
    match verb:
        case "note":
            form = NoteForm(request.POST)
            done = attempt(form, services.incident_note, **given)
            if done is None:
                return _show(request, found, form, status=422)
        case "resolve":
            form = ResolveForm(request.POST)
            done = attempt(form, services.incident_resolve, **given)
        case "escalate":
            form = SeverityForm(request.POST)
            done = attempt(form, services.incident_escalate, **given)
        case "acknowledge":
            form = forms.Form(request.POST)
            done = attempt(form, services.incident_acknowledge, page=found.page, **given)
        case _:
            return HttpResponse("There is no such act.", status=400, content_type="text/plain")
    say(request, form, done)
    return _safe(redirect("response:acknowledge", token))


def _safe(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no other site may learn it, and no search engine keep it."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
