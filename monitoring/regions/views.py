"""The page of regions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from monitoring.regions import selectors, services
from monitoring.regions.models import Region
from opsconsole.accounts.selectors import signed_in
from opsconsole.lib import clock
from opsconsole.ui.forms import told


@require_safe
def region_list(request: HttpRequest) -> HttpResponse:
    """All that have reported, and how to start another."""
    context = {
        "regions": selectors.regions(clock.now()),
        "offered": selectors.are_offered(),
    }
    return render(request, "regions/list.html", context)


@require_POST
def region_forget(request: HttpRequest, name: str) -> HttpResponse:
    region, actor = get_object_or_404(Region, name=name), signed_in(request)
    with told(request, f"{name} is forgotten. It is back as soon as a worker reports from there."):
        services.region_forget(actor=actor, region=region)
    return redirect("regions:list")
