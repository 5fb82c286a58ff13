"""Pages of metrics."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from monitoring.catalogue.models import Service
from monitoring.metrics import charts, pages, performance, services
from monitoring.metrics.forms import KeyForm, SeriesForm
from monitoring.metrics.models import PushKey, Series
from monitoring.metrics.spans import SPANS, span_of
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in, team_zone
from opsconsole.lib import clock, htmx
from opsconsole.measures import evidence
from opsconsole.measures.registry import measures
from opsconsole.ui.forms import attempt


@require_safe
def series_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    listed = pages.series_list(text=asked.get("q", "").strip(), after=asked.get("after", ""), now=clock.now())
    context = {"list": listed, "examples": pages.examples()}
    return htmx.page(request, "metrics/list.html", context, partial="series")


@require_safe
def series_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One series over a span, or over the time that a figure asks for."""
    series = get_object_or_404(Series.objects.select_related("service", "key", "source"), pk=pk)
    asked = evidence.asked(request.GET, team_zone(), {series.measure_slug})
    page = pages.series_page(series=series, key=request.GET.get("span", ""), asked=asked, now=clock.now())
    context = {
        "page": page,
        "series": series,
        "asked": asked,
        "legend": charts.legend(series),
        "spans": SPANS.values(),
        "measure": measures.get(series.measure_slug),
    }
    return render(request, "metrics/detail.html", context, status=400 if asked.complaint else 200)


def series_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, now = signed_in(request), clock.now()
    require(user, Role.MANAGER)
    series = get_object_or_404(Series, pk=pk)
    form = SeriesForm.of(series, request.POST or None)
    asked = request.method == "POST"
    if asked and attempt(form, services.series_update, actor=user, series=series, now=now) is not None:
        messages.success(request, f"{form.cleaned_data['title']} is saved.")
        return redirect("metrics:detail", pk)
    return render(request, "metrics/edit.html", {"series": series, "form": form})


@require_POST
def series_remove(request: HttpRequest, pk: int) -> HttpResponse:
    series = get_object_or_404(Series, pk=pk)
    services.series_remove(actor=signed_in(request), series=series)
    messages.success(request, f"{series.title} is removed, with all that was kept of it.")
    return redirect("metrics:list")


@require_safe
def service_performance(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(Service, slug=slug)
    span = span_of(request.GET.get("span"))
    groups = performance.groups(service, span, clock.now(), team_zone())
    context = {
        "service": service,
        "groups": groups,
        "missing": [group for group in groups if not group.figures],
        "sentence": performance.sentence(service.name, groups),
        "span": span,
        "spans": [each for each in SPANS.values() if each.key != "1y"],
    }
    return render(request, "metrics/performance.html", context)


@never_cache
def keys(request: HttpRequest) -> HttpResponse:
    """The keys, and the form of a new one, whose text is shown once."""
    user = signed_in(request)
    require(user, Role.MANAGER)
    form = KeyForm(request.POST or None)
    made: Any = attempt(form, services.key_create, actor=user) if request.method == "POST" else None
    context = {
        "keys": PushKey.objects.select_related("service", "made_by").order_by("revoked_at", "-created_at"),
        "form": KeyForm() if made else form,
        "made": made,
        "examples": pages.examples(made[1] if made else ""),
    }
    return render(request, "metrics/keys.html", context)


@require_POST
def key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(PushKey, pk=pk)
    services.key_revoke(actor=signed_in(request), key=key, now=clock.now())
    messages.success(request, f"{key.name} is revoked; whoever pushes with it is refused from now on.")
    return redirect("metrics:keys")
