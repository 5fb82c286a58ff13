"""Pages of probes."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from monitoring.catalogue import latencies
from monitoring.catalogue.models import Service
from monitoring.probes import services
from monitoring.probes.afar import Errand, trial_errand, trial_send
from monitoring.probes.forms import ProbeForm, form_for
from monitoring.probes.kinds import Kind, in_order, kinds
from monitoring.probes.models import Probe
from monitoring.probes.pages import detail, lists, results
from monitoring.probes.pages.outages import outage_rows
from monitoring.probes.trial import Trial, probe_try
from monitoring.regions.selectors import are_offered
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in, team_zone
from opsconsole.lib import clock, htmx
from opsconsole.lib.ids import id_of
from opsconsole.lib.moments import from_ms, to_ms
from opsconsole.lib.periods import Period
from opsconsole.measures import evidence
from opsconsole.ui.forms import taken

LATELY = timedelta(days=7)
LONGEST_AHEAD = 3650  # days, for certificates that expire
LONGEST_WAIT = timedelta(seconds=45)  # for the answer of “Check now”


@require_safe
def probe_list(request: HttpRequest) -> HttpResponse:
    """All probes, those in trouble first."""
    given = request.GET
    narrowed = lists.Filter(
        given.get("q", "").strip(),
        given.get("status", ""),
        given.get("service", ""),
        min(id_of(given.get("expiring")) or 0, LONGEST_AHEAD),
    )
    asked = evidence.asked(given, team_zone(), {"monitoring.latency_p95", "monitoring.error_share"})
    listed = lists.probe_list(
        narrowed=narrowed, after=given.get("after", ""), now=clock.now(), period=asked.period
    )
    context = {"list": listed, "asked": asked, "regions": are_offered()}
    return htmx.page(request, "probes/list.html", context, partial="probes")


@require_safe
def outages(request: HttpRequest) -> HttpResponse:
    """What was down in a time or at a moment; in the last seven days unless an address says otherwise."""
    now = clock.now()
    asked = evidence.asked(request.GET, team_zone(), {"monitoring.services_down"})
    period = asked.period or Period(now - LATELY, now, "the last 7 days")
    rows = [] if asked.complaint else outage_rows(period, now)
    context = {
        "asked": asked,
        "rows": rows,
        "period": period,
        "services": len({row.outage.service_id for row in rows}),
    }
    return render(request, "probes/outages.html", context)


@require_safe
def probe_detail(request: HttpRequest, pk: int) -> HttpResponse:
    probe = _probe(pk)
    page = detail.probe_page(probe=probe, span=latencies.span_of(request.GET.get("span")), now=clock.now())
    context = {"page": page, "spans": latencies.SPANS.values(), "asked": _asked(request, probe)}
    return render(request, "probes/detail.html", context)


@require_safe
def probe_results(request: HttpRequest, pk: int) -> HttpResponse:
    """Every single one, newest first."""
    probe, asked = _probe(pk), request.GET.get("region", "")
    region = asked if asked in probe.regions else ""
    page = results.results(probe, request.GET.get("after"), region)
    return render(request, "probes/results.html", {"probe": probe, "page": page, "region": region})


def probe_new(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    require(user, Role.MANAGER)
    chosen, kind = Service.objects.filter(slug=request.GET.get("service", "")).first(), _kind(request)
    form = form_for(kind.name)(request.POST or None, initial={"service": chosen})
    if "try" in request.POST:
        return _tried(request, user, form, {"kind": kind, "kinds": in_order()})
    if request.method == "POST" and form.is_valid():
        given = form.said() | {"kind": kind.name}
        probe = taken(form, lambda: services.probe_create(actor=user, now=clock.now(), **given))
        if probe:
            messages.success(request, f"{probe.name} is asked from now on.")
            return _watch_out(probe.pk, probe.next_at)
    return render(request, "probes/new.html", {"form": form, "kind": kind, "kinds": in_order()})


def _kind(request: HttpRequest) -> Kind:
    """The kind that the address names, the first one unless it does."""
    kind = kinds.get(request.GET.get("kind") or in_order()[0].name)
    if kind is None:
        raise Http404("There is no such kind of probe.")
    return kind


def probe_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    require(user, Role.MANAGER)
    probe = _probe(pk)
    form, kind = form_for(probe.kind)(request.POST or None, probe=probe), kinds[probe.kind]
    if "try" in request.POST:
        return _tried(request, user, form, {"probe": probe, "kind": kind})
    if request.method == "POST" and form.is_valid():
        given = form.said()
        if taken(form, lambda: services.probe_update(actor=user, probe=probe, now=clock.now(), **given)):
            messages.success(request, f"{given['name']} is saved and asked at once.")
            return redirect("probes:detail", pk)
    return render(request, "probes/edit.html", {"form": form, "probe": probe, "kind": kind})


def _tried(request: HttpRequest, user: User, form: ProbeForm, context: dict[str, Any]) -> HttpResponse:
    """Ask once with what the form says, from here or from a region, and show what came back; nothing is saved."""
    trial: Trial | None = None
    errand: Errand | None = None
    for name in (
        "service",
        "name",
    ):  # whose it will be, and how it will be called, matters only once it is kept
        form.fields[name].required = False
    if form.is_valid():
        given, kind = form.cleaned_data, context["kind"].name
        timeout = int(given["timeout"].total_seconds())
        asked: dict[str, Any] = {"config": form.config, "secrets": form.secrets, "timeout": timeout}
        if region := given.get("where"):
            errand = taken(form, lambda: _sent(user, region, kind, asked))
        else:
            trial = taken(form, lambda: probe_try(actor=user, now=clock.now(), kind=kind, **asked))
    template = "probes/edit.html" if "probe" in context else "probes/new.html"
    found = {"form": form, "trial": trial, "errand": errand, "is_tried": True}
    return htmx.page(request, template, found | context, partial="trial")


def _sent(user: User, region: str, kind: str, asked: dict[str, Any]) -> Errand | None:
    now = clock.now()
    row = trial_send(actor=user, region=region, kind=kind, asked=asked, now=now)
    return trial_errand(actor=user, pk=row.pk, now=now)


@require_safe
def probe_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """What came back to a region, as the form's page polls for it; a page of its own for those without scripts."""
    user = signed_in(request)
    require(user, Role.MANAGER)
    errand = trial_errand(actor=user, pk=pk, now=clock.now())
    if errand is None:
        raise Http404("Nobody tries this any more.")
    context = {"errand": errand, "trial": errand.trial, "is_tried": True}
    return htmx.page(request, "probes/tried.html", context, partial="trial")


@require_POST
def probe_pause(request: HttpRequest, pk: int) -> HttpResponse:
    probe = services.probe_pause(actor=signed_in(request), probe=_probe(pk), now=clock.now())
    messages.success(request, f"{probe.name} is paused. Nobody hears of an outage until it is resumed.")
    return redirect("probes:detail", pk)


@require_POST
def probe_resume(request: HttpRequest, pk: int) -> HttpResponse:
    probe = services.probe_resume(actor=signed_in(request), probe=_probe(pk), now=clock.now())
    messages.success(request, f"{probe.name} is asked again.")
    return _watch_out(pk, probe.next_at)


@require_POST
def probe_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask now; the page then looks for the answer until it is there."""
    now = clock.now()
    try:
        services.probe_run_now(actor=signed_in(request), probe=_probe(pk), now=now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("probes:detail", pk)
    return _watch_out(pk, now)


def _watch_out(pk: int, asked: datetime | None) -> HttpResponse:
    """To the probe's page, which shows the answer as soon as it is there."""
    path = reverse("probes:detail", args=[pk])
    return redirect(f"{path}?asked={to_ms(asked)}" if asked else path)


@require_safe
def probe_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer to “Check now”, as the page polls for it; once it is there, the whole page is shown anew."""
    probe = _probe(pk)
    asked = _asked(request, probe)
    response = render(request, "probes/_answer.html", {"probe": probe, "asked": asked})
    if asked and asked["done"]:
        response["HX-Redirect"] = f"{reverse('probes:detail', args=[pk])}?asked={asked['at']}"
    return response


def _asked(request: HttpRequest, probe: Probe) -> dict[str, Any] | None:
    """Whether somebody waits for an answer, and whether it is there: None, or its state for the template."""
    text = request.GET.get("asked", "")
    if not text.isdecimal() or len(text) > 14:
        return None
    at, now = from_ms(int(text)), clock.now()
    done = probe.last_at is not None and probe.last_at >= at
    return {"at": text, "done": done, "late": not done and now - at > LONGEST_WAIT}


@require_POST
def probe_delete(request: HttpRequest, pk: int) -> HttpResponse:
    probe = _probe(pk)
    services.probe_delete(actor=signed_in(request), probe=probe, now=clock.now())
    messages.success(request, f"{probe.name} is deleted.")
    return redirect("catalogue:detail", probe.service.slug)


def _probe(pk: int) -> Probe:
    return get_object_or_404(Probe.objects.select_related("service"), pk=pk)
