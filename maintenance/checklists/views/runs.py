"""A run: to work on while it is open, to read for ever when it is signed off."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from maintenance.checklists.forms.runs import HandOverForm
from maintenance.checklists.models import Run
from maintenance.checklists.selectors import FIGURES, counted, runs_ended
from maintenance.checklists.services import machine
from maintenance.checklists.services import runs as services
from maintenance.checklists.sheet import sections
from maintenance.checklists.states import RunStatus
from maintenance.checklists.worksheet import back_of, context
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in, team_zone
from opsconsole.lib import clock, keyset
from opsconsole.lib.htmx import is_partial, page
from opsconsole.measures import evidence
from opsconsole.ui.forms import attempt


def _run(pk: int) -> Run:
    return get_object_or_404(Run.objects.select_related("template", "handed_to", "signed_by"), pk=pk)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Runs of every checklist, newest first; narrowed to those that a figure of a period is made of."""
    asked = evidence.asked(request.GET, team_zone(), FIGURES)
    found = FIGURES.get(asked.of, runs_ended)(asked.period) if asked.period else Run.objects.all()
    status = request.GET.get("status", "")
    found = found.filter(status=status) if status in RunStatus.values else found
    found = found.none() if asked.complaint else found
    shown = counted(found.select_related("signed_by"))
    context = {
        "asked": asked,
        "page": keyset.page(shown, request.GET.get("after")),
        "count": found.count() if asked.period else None,
        "status": status,
        "statuses": RunStatus.choices,
    }
    return render(request, "checklists/runs.html", context)


@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    found = _run(pk)
    shown = context(request, found, clock.now())
    if found.signed_at or not found.opened_at:
        if is_partial(request, "worksheet"):  # somebody else has signed it off meanwhile
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "checklists/record.html", shown | {"sections": sections(found)})
    return page(request, "checklists/run.html", shown, partial="worksheet")


@require_POST
def sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = _run(pk), clock.now()
    try:
        signed = services.run_sign_off(actor=signed_in(request), run=found, now=now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back_of(request, found))
    if signed.signed_at != now:
        messages.info(request, f"{signed.name}: {signed.signed_by} had signed it off already.")
    else:
        messages.success(request, f"{signed.name}: signed off{', late' if signed.is_late else ''}.")
    return redirect(back_of(request, signed))


def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    actor = signed_in(request)
    require(actor, Role.RESPONDER)
    found = _run(pk)
    form = HandOverForm(request.POST or None, holder=found.handed_to or actor)
    given = {"actor": actor, "run": found, "now": clock.now()}
    if request.method == "POST" and (handed := attempt(form, services.run_hand_over, **given)):
        messages.success(request, f"Handed over to {handed.handed_to}, who gets a message.")
        return redirect(back_of(request, found))
    inside = is_partial(request, "dialog")
    template = "checklists/_hand_over.html" if inside else "checklists/hand_over.html"
    shown = {"run": found, "form": form, "back": back_of(request, found), "inside": inside}
    return render(request, template, shown, status=422 if form.errors else 200)


@require_POST
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The machine reads its answers now instead of within five minutes."""
    require(signed_in(request), Role.RESPONDER)
    found = _run(pk)
    machine.run_refresh(run=found, now=clock.now())
    return redirect(back_of(request, found))
