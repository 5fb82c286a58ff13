"""A run as people work on it: the same card on the page of the run and on the page of the day.

Acts come by htmx, which gets the card and its heading back, or as plain forms, which go back to the page they came from.
"""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from maintenance.checklists.models import Answer, Run
from maintenance.checklists.sheet import sheet
from opsconsole.lib.htmx import is_partial
from opsconsole.ui.templatetags.ui import allows


def context(request: HttpRequest, run: Run, now: datetime, *, back: str = "") -> dict[str, Any]:
    """What `checklists/_head.html` and `_worksheet.html` show. `?did=<answer>` brings the bar that undoes it."""
    found = sheet(run, now)
    return {
        "sheet": found,
        "run": run,
        "now": now,
        "back": back or request.path,
        "may_act": may_act(request, run),
        "oob": is_partial(request, "worksheet"),
        "undo": _undoable(found.handled + found.fine, request.GET.get("did", "")),
    }


def may_act(request: HttpRequest, run: Run) -> bool:
    return bool(run.opened_at and not run.signed_at and allows(request.user, "responder"))


def _undoable(rows: list[Any], did: str) -> Answer | None:
    return next((row.answer for row in rows if str(row.answer.pk) == did and row.answer.settled), None)


def back_of(request: HttpRequest, run: Run) -> str:
    """The page to go back to: where the form stood, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else reverse("checklists:run", args=[run.pk])


def acted(request: HttpRequest, answer: Answer, now: datetime, *, undo: bool = True) -> HttpResponse:
    """After an act: the card for htmx, else back to the page."""
    run = Run.objects.select_related("template", "handed_to").get(pk=answer.run_id)
    back = back_of(request, run)
    if not is_partial(request, "worksheet"):
        return redirect(f"{back}?did={answer.pk}" if undo else back)
    shown = context(request, run, now, back=back)
    if undo:
        answer.run = run
        shown["undo"] = answer
    else:
        shown["chosen"] = answer.pk
    return render(request, "checklists/_worksheet.html", shown)


def refused(request: HttpRequest, answer: Answer, now: datetime, error: ValidationError) -> HttpResponse:
    """An act that was not done: the sentence above the card."""
    messages.error(request, " ".join(error.messages))
    return acted(request, answer, now, undo=False)
