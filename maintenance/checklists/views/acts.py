"""What people do about one answer. Each act is a POST; note, skip and incident bring their form on GET, for the dialog too."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from maintenance.checklists.bindings import answerer, titles
from maintenance.checklists.forms.acts import ActForm, IncidentForm, NoteForm, SkipForm, ValueForm
from maintenance.checklists.models import Answer
from maintenance.checklists.services import answers
from maintenance.checklists.sheet import before, row
from maintenance.checklists.worksheet import acted, back_of, may_act, refused
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.lib import clock
from opsconsole.lib.htmx import is_partial
from opsconsole.measures.registry import measures
from opsconsole.ui.forms import attempt

Act = Callable[..., Answer]


def _answer(pk: int) -> Answer:
    return get_object_or_404(Answer.objects.select_related("run__template", "settled_by"), pk=pk)


@require_GET
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer with its evidence, and how it was answered before."""
    found, now = _answer(pk), clock.now()
    shown = {
        "answer": found,
        "row": row(found, now),
        "answerer": answerer(found, titles()),
        "figure": measures.get(found.binding),
        "before": before(found),
        "may_act": may_act(request, found.run),
    }
    return render(request, "checklists/answer.html", shown)


def _do(request: HttpRequest, pk: int, act: Act, *, undo: bool = True) -> HttpResponse:
    found, now, actor = _answer(pk), clock.now(), signed_in(request)
    try:
        return acted(request, act(actor=actor, answer=found, now=now, seen=_seen(request)), now, undo=undo)
    except ValidationError as error:
        return refused(request, found, now, error)


def _seen(request: HttpRequest) -> str:
    """The stamp of the answer that the page showed."""
    return request.POST.get("seen") or request.GET.get("seen", "")


@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, answers.item_done)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, answers.item_undo, undo=False)


def value(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask(request, pk, ValueForm, answers.answer_value, "Save")


def note(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask(request, pk, NoteForm, answers.item_note, "Note")


def skip(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask(request, pk, SkipForm, answers.item_skip, "Skip")


def incident(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask(request, pk, IncidentForm, answers.incident_from_item, "Open incident")


def _ask(request: HttpRequest, pk: int, form_class: type[ActForm], act: Act, action: str) -> HttpResponse:
    """A form about an answer, as a page of its own or inside the dialog; when it is good, the act, given its fields."""
    actor = signed_in(request)
    require(actor, Role.RESPONDER)
    found, now = _answer(pk), clock.now()
    seen = _seen(request) or found.stamp
    form = form_class(request.POST or None, answer=found)
    if request.method == "POST" and form.is_valid():
        if done := attempt(form, act, actor=actor, answer=found, now=now, seen=seen):
            return acted(request, done, now)
        found = _answer(pk)
        seen = found.stamp  # what was refused may be sent again, knowing of the other
    return _form(request, found, form, action, seen)


def _form(request: HttpRequest, found: Answer, form: forms.Form, action: str, seen: str) -> HttpResponse:
    """Refused input goes into the dialog again, wherever the form wanted its answer."""
    inside = is_partial(request, "dialog") or is_partial(request, "worksheet")
    template = "checklists/_ask.html" if inside else "checklists/ask.html"
    shown = {
        "answer": found,
        "seen": seen,
        "form": form,
        "action": action,
        "back": back_of(request, found.run),
        "inside": inside,
        "long": "note" in form.fields,
    }
    response = render(request, template, shown, status=422 if form.errors and not inside else 200)
    if inside:
        response["HX-Push-Url"] = "false"  # a boosted link would put the dialog's address into the bar
    if form.errors and inside:
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response
