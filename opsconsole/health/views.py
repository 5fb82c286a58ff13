"""Readiness for machines, the health page for people."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from opsconsole.accounts.keys import holder_of
from opsconsole.accounts.middleware import public
from opsconsole.accounts.models import Scope
from opsconsole.health import pages, selectors
from opsconsole.health.exposition import CONTENT_TYPE, exposition
from opsconsole.health.models import SweepRun
from opsconsole.lib.addresses import is_local
from opsconsole.lib.clock import now


@public
@csrf_exempt  # whoever posts to it learns that it takes no POST, not that a cookie is missing
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when the database, the broker and the sweeps are well; 503 with what is not."""
    found = selectors.readiness(now())
    well = all(one.well for one in found)
    body = {"status": "ready" if well else "not ready", "checks": {one.name: one.sentence for one in found}}
    answer = JsonResponse(body, status=200 if well else 503, headers={"Cache-Control": "no-store"})
    answer._has_been_logged = True  # type: ignore[attr-defined] # being asked while not ready is no error of a request
    return answer


readyz.is_machine = True  # type: ignore[attr-defined] # nothing else may read the database before it says that it is away


@public
@csrf_exempt
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus: with an API key that may read, or straight from this machine."""
    if not is_local(request) and holder_of(request, Scope.READ) is None:
        sentence = "Give an API key that may read, as “Authorization: Bearer <key>”.\n"
        headers = {"WWW-Authenticate": 'Bearer realm="metrics"'}
        return HttpResponse(sentence, status=401, headers=headers, content_type="text/plain; charset=utf-8")
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(exposition(now()), headers=headers, content_type=CONTENT_TYPE)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    moment = now()
    vitals, overdue, switch = pages.vitals(moment), selectors.overdue(moment), selectors.switch()
    context = {
        "vitals": vitals,
        "overdue": overdue,
        "headline": pages.headline(vitals, overdue, switch),
        "late": {run.pk for run in selectors.late_sweeps(moment)},
        "runs": SweepRun.objects.all(),
        "pulses": selectors.pulses(),
        "gaps": selectors.gaps(),
        "switch": switch,
    }
    return render(request, "health/page.html", context)
