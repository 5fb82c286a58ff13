"""The page of one postmortem, and the list of what is left to review and to do."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from incidents.postmortems import services
from incidents.postmortems.draft import facts_of, moments
from incidents.postmortems.forms import ActionForm, PostmortemForm
from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.selectors import ACTIONS, REVIEWS, drafts, open_actions, published, reviews_due
from incidents.postmortems.sentences import board, standing
from incidents.postmortems.states import QUESTIONS, Status, is_late, is_overdue
from incidents.response.models import Incident
from opsconsole.accounts.selectors import signed_in, team_zone
from opsconsole.lib import clock, keyset
from opsconsole.measures import evidence
from opsconsole.measures.evidence import Asked
from opsconsole.ui.forms import attempt

MOST = 200  # drafts and open actions on one page


def index(request: HttpRequest) -> HttpResponse:
    now, zone = clock.now(), team_zone()
    asked = evidence.asked(request.GET, zone, [*REVIEWS, *ACTIONS])
    if asked.is_on:
        return render(
            request,
            "postmortems/asked.html",
            {"asked": asked, **_rows(asked, now, request.GET.get("state", ""))},
        )
    today = now.astimezone(zone).date()
    waiting = [(p, is_late(p, now)) for p in drafts()[:MOST]]
    actions = [(a, is_overdue(a, today)) for a in open_actions()[:MOST]]
    late, late_actions = sum(flag for _, flag in waiting), sum(flag for _, flag in actions)
    context = {
        "heading": board(late, len(waiting), late_actions, len(actions)),
        "drafts": waiting,
        "actions": actions,
        "page": keyset.page(published(), request.GET.get("after")),
    }
    return render(request, "postmortems/list.html", context)


def _rows(asked: Asked, now: datetime, state: str) -> dict[str, Any]:
    """The postmortems or the actions that a figure is made of (only what is `open`, if asked); else what is due in the time."""
    today, period = now.astimezone(team_zone()).date(), asked.period
    if period is None:
        return {}
    if read := ACTIONS.get(asked.of):
        rows = read(period).select_related("owner", "postmortem__incident").order_by("due_on", "pk")
        rows = rows.filter(done_at=None) if state == "open" else rows
        return {"actions": [(a, is_overdue(a, today)) for a in rows[:MOST]], "count": rows.count()}
    reviews = REVIEWS.get(asked.of, reviews_due)(period).order_by("due_at", "pk")
    reviews = reviews.filter(published_at=None) if state == "open" else reviews
    shown = reviews.select_related("incident__service", "incident__assignee")[:MOST]
    return {"reviews": [(p, is_late(p, now)) for p in shown], "count": reviews.count()}


def detail(request: HttpRequest, number: int) -> HttpResponse:
    incident = _find(number)
    found = Postmortem.objects.filter(incident=incident).select_related("published_by", "saved_by").first()
    if found is None:
        return render(request, "postmortems/none.html", {"incident": incident})
    found.incident = incident
    return _page(request, found, PostmortemForm.of(found), ActionForm.of(found))


def _find(number: int) -> Incident:
    rows = Incident.objects.select_related("service", "assignee", "merged_into")
    return get_object_or_404(rows, number=number)


def _page(
    request: HttpRequest, postmortem: Postmortem, form: PostmortemForm, action: ActionForm, status: int = 200
) -> HttpResponse:
    now = clock.now()
    today = now.astimezone(team_zone()).date()
    is_draft = postmortem.status == Status.DRAFT
    facts = facts_of(postmortem.incident).as_json() if is_draft else postmortem.facts
    actions = [(a, is_overdue(a, today)) for a in postmortem.actions.select_related("owner", "done_by")]
    context: dict[str, Any] = {
        "postmortem": postmortem,
        "incident": postmortem.incident,
        "heading": standing(postmortem, now),
        "tone": "bad" if is_late(postmortem, now) else "look" if is_draft else "ok",
        "facts": moments(facts or {}),
        "answers": [(q.text, getattr(postmortem, q.field)) for q in QUESTIONS],
        "actions": actions,
        "form": form,
        "action_form": action,
        "is_draft": is_draft,
    }
    return render(request, "postmortems/detail.html", context, status=status)


@require_POST
def create(request: HttpRequest, number: int) -> HttpResponse:
    try:
        services.postmortem_create(actor=signed_in(request), incident=_find(number), now=clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("postmortems:detail", number)


@require_POST
def save(request: HttpRequest, number: int) -> HttpResponse:
    """Save, and publish when that button was pressed. What was typed is never lost."""
    found, actor, now = _of(number), signed_in(request), clock.now()
    form = PostmortemForm(request.POST)
    was_read = form.is_valid()
    saved = attempt(form, services.postmortem_save, actor=actor, postmortem=found, now=now)
    if saved is None:
        found.refresh_from_db()
        if was_read:  # what others wrote has been said: the second save is meant to win
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(found.version)  # type: ignore[index]
        return _page(request, found, form, ActionForm.of(found), status=422)
    if "publish" not in request.POST:
        messages.success(request, "Saved.")
        return redirect("postmortems:detail", number)
    try:
        services.postmortem_publish(actor=actor, postmortem=saved, now=now)
    except ValidationError as error:
        form = PostmortemForm.of(saved)
        messages.error(request, f"Saved. {' '.join(error.messages)}")
        return _page(request, saved, form, ActionForm.of(saved), status=422)
    messages.success(request, "Published. It stays as it is, facts and all.")
    return redirect("postmortems:detail", number)


def _of(number: int) -> Postmortem:
    rows = Postmortem.objects.select_related(
        "incident__service", "incident__assignee", "published_by", "saved_by"
    )
    return get_object_or_404(rows, incident__number=number)


@require_POST
def revise(request: HttpRequest, number: int) -> HttpResponse:
    services.postmortem_revise(actor=signed_in(request), postmortem=_of(number), now=clock.now())
    messages.success(request, "It is a draft again.")
    return redirect("postmortems:detail", number)


@require_POST
def action_add(request: HttpRequest, number: int) -> HttpResponse:
    found, form = _of(number), ActionForm(request.POST)
    added = attempt(form, services.action_add, actor=signed_in(request), postmortem=found, now=clock.now())
    if added is None:
        return _page(request, found, PostmortemForm.of(found), form, status=422)
    messages.success(request, f"{added.owner} does it until {added.due_on:%d %b %Y}.")
    return redirect("postmortems:detail", number)


@require_POST
def action_toggle(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Done, or undone again; back to the page it was pressed on."""
    action = get_object_or_404(Action.objects.select_related("postmortem__incident"), pk=pk)
    service = services.action_done if verb == "done" else services.action_reopen
    changed = service(actor=signed_in(request), action=action, now=clock.now())
    words = "is done" if verb == "done" else "is open again"
    (messages.success if changed else messages.info)(request, f"“{action}” {words}.")
    back = request.POST.get("next", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("postmortems:detail", action.postmortem.incident.number)
