"""The list of incidents, opening one, and the severities."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from incidents.response import services
from incidents.response.forms import FilterForm, OpenForm, SeverityPolicyForm
from incidents.response.models import Incident
from incidents.response.pages import tone_of
from incidents.response.policies import severity_policy_update
from incidents.response.selectors import live, policies, policy_of, touched_by
from incidents.response.sentences import board
from incidents.response.states import LIVE, clocks
from monitoring.catalogue.models import Service
from opsconsole.accounts.roles import Role, allows
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.lib import clock, keyset
from opsconsole.lib.durations import rough
from opsconsole.lib.htmx import page
from opsconsole.lib.periods import midnight
from opsconsole.ui.forms import attempt

_WORDS = {"acknowledged": "In hand"}  # short enough for a tag
SHOWN = 50  # open incidents on the first screen; more are a storm, and the list below has them


def index(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    form = FilterForm(request.GET)
    narrowed = any(request.GET.get(name) for name in form.fields)
    rows = keyset.page(_found(form, narrowed), request.GET.get("after"))
    opened = list(live()[:SHOWN])
    touched = touched_by([*opened, *rows.rows])
    context = {
        "heading": board(opened, rows.rows[0] if rows.rows and not narrowed else None, now),
        "opened": [_row(incident, now, touched) for incident in opened],
        "rows": [_row(incident, now, touched) for incident in rows.rows],
        "cursor": rows.cursor,
        "form": form,
        "narrowed": narrowed,
        "new_url": reverse("response:new") if allows(signed_in(request).role, Role.RESPONDER) else "",
    }
    return page(request, "response/list.html", context, partial="history")


def _found(form: FilterForm, narrowed: bool) -> "QuerySet[Incident]":
    """What a narrowed list asks for; otherwise what is over. A filter that makes no sense finds nothing."""
    rows = Incident.objects.select_related("service", "assignee", "merged_into")
    if not narrowed:
        return rows.exclude(status__in=LIVE)
    if not form.is_valid():
        return rows.none()
    asked, zone = form.cleaned_data, timezone.get_current_timezone()
    if asked["severity"] is not None:
        rows = rows.filter(severity=asked["severity"])
    if asked["service"]:
        rows = rows.filter(pk__in=Incident.affected.through.objects.filter(service=asked["service"]).values("incident"))  # fmt: skip
    if asked["from"]:
        rows = rows.filter(detected_at__gte=midnight(asked["from"], zone))
    if asked["to"]:
        rows = rows.filter(detected_at__lt=midnight(asked["to"] + timedelta(days=1), zone))
    return rows


def _row(incident: Incident, now: datetime, touched: dict[int, int]) -> dict[str, Any]:
    running = [c for c in clocks(incident) if c.is_running()] if incident.is_live() else []
    nearest = min(running, key=lambda c: c.due_at, default=None)
    ended = incident.resolved_at or (now if incident.is_live() else None)
    return {
        "incident": incident,
        "tone": tone_of(incident),
        "clock": (nearest.tone(now), nearest.says(now)) if nearest else None,
        "more": max(touched.get(incident.pk, 0) - 1, 0),
        "word": _WORDS.get(incident.status, incident.get_status_display()),
        "lasted": rough(ended - incident.detected_at) if ended else "–",
    }


def new(request: HttpRequest) -> HttpResponse:
    """Open one by hand; `?title=&severity=&service=` (from a checklist, say) fill the form in."""
    actor = signed_in(request)
    require(actor, Role.RESPONDER)
    form = OpenForm(request.POST if request.method == "POST" else None, initial=_given(request))
    opened = None
    if request.method == "POST":
        opened = attempt(form, services.incident_open, actor=actor, now=clock.now())
    if opened:
        messages.success(request, f"{opened} is open, and everybody who listens is being told.")
        return redirect("response:detail", opened.number)
    return render(request, "response/new.html", {"form": form, "policies": policies()})


def _given(request: HttpRequest) -> dict[str, Any]:
    severity = request.GET.get("severity", "").upper().removeprefix("P")
    service = (
        Service.objects.filter(slug=request.GET["service"]).first() if "service" in request.GET else None
    )
    given = {name: request.GET.get(name, "")[:500] for name in ("title", "description")}
    return given | {"severity": severity, "service": service}


def severities(request: HttpRequest) -> HttpResponse:
    return render(request, "response/severities.html", {"policies": policies()})


def severity(request: HttpRequest, level: int) -> HttpResponse:
    actor = signed_in(request)
    require(actor, Role.MANAGER)
    policy = policy_of(level)
    form = SeverityPolicyForm(request.POST or None, initial=model_to_dict(policy))
    saved = None
    if request.method == "POST":
        saved = attempt(form, severity_policy_update, actor=actor, policy=policy)
    if saved:
        messages.success(request, f"{policy} is saved; incidents that run keep the targets they began with.")
        return redirect("response:severities")
    return render(request, "response/severity.html", {"policy": policy, "form": form})
