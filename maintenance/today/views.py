"""The ops manager's page. A GET changes nothing: what is done here is posted to the checklists' own addresses."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from maintenance.checklists import worksheet
from maintenance.checklists.models import Run
from maintenance.checklists.selectors import latest_unsigned
from maintenance.today import services_now
from maintenance.today.selectors import day
from monitoring.alerts.mutes import muted_now
from opsconsole.lib import clock
from opsconsole.lib.htmx import is_partial

MOST = 50  # open checklists; each has a template of its own, so that there are few


@require_GET
def quarter(request: HttpRequest) -> HttpResponse:
    """The last 90 days of a few services: the heaviest card of the day comes by itself, when it is scrolled to."""
    shown = {"quarter": services_now.quarter(clock.now()), "new_service": reverse("catalogue:new")}
    return render(request, "today/_quarter.html", shown)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    runs = list(latest_unsigned(now)[:MOST])
    if is_partial(request, "worksheet"):
        return _worksheet(request, now, runs)
    shown = {"now": now, "day": day(now), "others": runs[1:], "muted": muted_now(now)}
    if runs:
        shown |= worksheet.context(request, runs[0], now)
    return render(request, "today/page.html", shown)


def _worksheet(request: HttpRequest, now: datetime, runs: list[Run]) -> HttpResponse:
    """The card alone, once a minute; when somebody else has signed it off, the whole page."""
    if not runs:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "checklists/_worksheet.html", worksheet.context(request, runs[0], now))
