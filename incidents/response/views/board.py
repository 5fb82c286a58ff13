"""The list of incidents, opening one, and the severities."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from incidents.response.figures import ROWS
from incidents.response.forms import OpenForm, RowsForm, SeverityPolicyForm
from incidents.response.models import Incident, IncidentQuerySet
from incidents.response.opening import incident_open
from incidents.response.pages import tone_of
from incidents.response.policies import severity_policy_update
from incidents.response.selectors import MOST, live, policies, policy_of, touched_by
from incidents.response.sentences import board
from incidents.response.states import LIVE, clocks
from monitoring.catalogue.models import Service
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in, team_zone
from opsconsole.lib import clock, keyset
from opsconsole.lib.durations import rough
from opsconsole.lib.htmx import page
from opsconsole.measures import evidence
from opsconsole.measures.evidence import Asked
from opsconsole.ui.forms import attempt

_WORDS = {"acknowledged": "In hand"}  # short enough for a tag


def index(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    form = RowsForm(request.GET)
    asked = evidence.asked(request.GET, team_zone(), ROWS) if form.is_valid() else Asked()
    narrowed = any(request.GET.get(name) for name in form.fields)
    found = _found(form, asked) if narrowed else _past()
    rows = keyset.page(found, request.GET.get("after"))
    opened = list(live()[: MOST + 1])
    touched = touched_by([*opened, *rows.rows])
    context = {
        "heading": board(opened, None if opened else _past().first(), now),
        "opened": [] if narrowed else [_row(incident, now, touched) for incident in opened[:MOST]],
        "cut": MOST if len(opened) > MOST else 0,
        "rows": [_row(incident, now, touched) for incident in rows.rows],
        "cursor": rows.cursor,
        "form": form,
        "asked": asked,
        "count": found.count() if asked.period else None,
        "narrowed": narrowed,
        "new_url": reverse("response:new") if signed_in(request).may(Role.RESPONDER) else "",
    }
    return page(request, "response/list.html", context, partial="history")


def _past() -> "QuerySet[Incident]":
    return _all().exclude(status__in=LIVE)


def _all() -> IncidentQuerySet:
    return Incident.objects.select_related("service", "assignee", "merged_into")


def _found(form: RowsForm, asked: Asked) -> "QuerySet[Incident]":
    """What a narrowed list asks for. A filter that makes no sense finds nothing."""
    if asked.complaint or not form.is_valid():
        return Incident.objects.none()
    rows, wanted = _all(), form.cleaned_data
    if wanted["severity"] is not None:
        rows = rows.filter(severity=wanted["severity"])
    if wanted["service"]:
        rows = rows.filter(pk__in=Incident.affected.through.objects.filter(service=wanted["service"]).values("incident"))  # fmt: skip
    if asked.measure and asked.period:
        return rows.filter(pk__in=ROWS[asked.of](asked.period).values("pk"))
    return rows.detected_in(asked.period) if asked.period else rows


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
        opened = attempt(form, incident_open, actor=actor, now=clock.now())
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
