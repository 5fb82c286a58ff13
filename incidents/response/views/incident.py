"""One incident, and what people do with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from incidents.response import opening, services
from incidents.response.forms import (
    AssignForm,
    ImpactForm,
    MergeForm,
    NoteForm,
    ResolveForm,
    SeverityForm,
)
from incidents.response.models import Incident
from incidents.response.pages import ALL_LINES, LINES, view_of
from opsconsole.accounts.selectors import signed_in
from opsconsole.lib import clock
from opsconsole.lib.htmx import is_partial, page
from opsconsole.ui.forms import all_complaints, attempt

Bound = forms.BaseForm


def detail(request: HttpRequest, number: int) -> HttpResponse:
    """The page asks for itself every few seconds while the incident is live; 204 says that nothing has changed.

    Of a long timeline it shows the last lines; `?all=1` shows the earlier ones too.
    """
    return _page(request, _find(number), {})


def _find(number: int) -> Incident:
    rows = Incident.objects.select_related("service", "assignee", "merged_into")
    return get_object_or_404(rows, number=number)


def _page(
    request: HttpRequest, incident: Incident, bound: dict[str, Bound], status: int = 200
) -> HttpResponse:
    view = view_of(incident, clock.now(), lines=ALL_LINES if "all" in request.GET else LINES)
    if is_partial(request, "live"):
        if request.GET.get("seen") == view.version:
            return HttpResponse(status=204)
        return page(request, "response/detail.html", {"view": view, "incident": incident}, partial="live")
    context = {"view": view, "incident": incident, "forms": _forms(incident) | bound}
    return page(request, "response/detail.html", context, status=status)


def _forms(incident: Incident) -> dict[str, Bound]:
    """The forms for what can be done now; a form is drawn only if it is there."""
    forms_: dict[str, Bound] = {"note": NoteForm(auto_id="note_%s")}
    if incident.is_live():
        forms_ |= {
            "assign": AssignForm(initial={"to": incident.assignee_id}, auto_id="assign_%s"),
            "severity": SeverityForm(initial={"severity": incident.severity}, auto_id="severity_%s"),
            "merge": MergeForm(incident=incident, auto_id="merge_%s"),
        }
    start = timezone.localtime(incident.impact_start)
    return forms_ | {"impact": ImpactForm(initial={"start": start}, auto_id="impact_%s")}


@dataclass(frozen=True)
class Act:
    """A verb of the page: the form that reads the request, and the service it is handed to."""

    form: Callable[..., Bound]
    service: Callable[..., services.Done]
    wants_incident: bool = False


ACTS = {
    "acknowledge": Act(forms.Form, services.incident_acknowledge),
    "resolve": Act(ResolveForm, services.incident_resolve),
    "reopen": Act(forms.Form, opening.incident_reopen),
    "mitigate": Act(forms.Form, services.incident_mitigate),
    "note": Act(NoteForm, services.incident_note),
    "assign": Act(AssignForm, services.incident_assign),
    "severity": Act(SeverityForm, services.incident_severity_change),
    "merge": Act(MergeForm, services.incident_merge, wants_incident=True),
    "impact": Act(ImpactForm, services.incident_impact_set),
}


@require_POST
def act(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """What was refused stands on the form, or above the page where the act has none."""
    if verb not in ACTS:
        raise Http404
    incident, wanted = _find(number), ACTS[verb]
    given: dict[str, Any] = {"incident": incident} if wanted.wants_incident else {}
    form = wanted.form(request.POST, auto_id=f"{verb}_%s", **given)
    done = attempt(form, wanted.service, actor=signed_in(request), incident=incident, now=clock.now())
    if done is None and form.fields:
        return _page(request, incident, {verb: form}, status=422)
    say(request, form, done)
    return redirect("response:detail", number)


def say(request: HttpRequest, form: Bound, done: services.Done | None) -> None:
    if done is None:
        messages.error(request, all_complaints(form))
    elif done.changed:
        messages.success(request, done.sentence)
    else:
        messages.info(request, done.sentence)
