"""Pages of sources."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from monitoring.metrics import source_services as services
from monitoring.metrics import sources
from monitoring.metrics.models import Source
from monitoring.metrics.source_forms import UploadForm, forms_of
from monitoring.metrics.standing import said, sources_sentence
from monitoring.metrics.uploads import history_upload
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in
from opsconsole.lib import clock
from opsconsole.lib.figures import counted
from opsconsole.ui.forms import attempt, taken


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    require(signed_in(request), Role.MANAGER)
    rows = [(source, sources.kinds.get(source.kind)) for source in Source.objects.select_related("service")]
    heading = sources_sentence([source for source, _ in rows])
    return render(
        request, "metrics/sources.html", {"rows": rows, "heading": heading, "kinds": sources.in_order()}
    )


@never_cache
def source_new(request: HttpRequest, kind: str) -> HttpResponse:
    if (found := sources.kinds.get(kind)) is None:
        raise Http404(f"There is no source of the kind “{kind[:40]}”.")
    return _form(request, found, None)


@never_cache
def source_edit(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    if (kind := sources.kinds.get(source.kind)) is None:
        raise Http404(f"This version of the console knows no source of the kind “{source.kind}”.")
    return _form(request, kind, source)


def _form(request: HttpRequest, kind: sources.Kind, source: Source | None) -> HttpResponse:
    """Saving and trying take the same fields; a trial saves nothing."""
    user, now = signed_in(request), clock.now()
    require(user, Role.MANAGER)
    form, own = forms_of(kind, source, request.POST or None)
    context: dict[str, Any] = {
        "form": form,
        "own": own,
        "all_forms": (form, own),
        "kind": kind,
        "source": source,
    }
    if request.method == "POST" and form.is_valid() & own.is_valid():
        given = {"actor": user, "kind": kind, "given": own.cleaned_data, "now": now, **form.cleaned_data}
        if "try" in request.POST:
            found = services.source_try(kept=dict(source.secrets) if source else {}, **given)
            context["trial"] = found
            context["values"] = [
                (s, said(s.value, "observations" if s.buckets else s.unit)) for s in found.samples[:20]
            ]
        elif saved := taken(form, lambda: services.source_save(source=source, **given)):
            messages.success(request, f"{saved.name} is saved, and is being read.")
            return redirect("metrics:sources")
    template = (
        "metrics/_trial.html"
        if "try" in request.POST and request.headers.get("HX-Request")
        else "metrics/source.html"
    )
    return render(request, template, context)


@require_POST
def source_pause(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    pausing = "pause" in request.POST
    services.source_pause(actor=signed_in(request), source=source, is_paused=pausing, now=clock.now())
    messages.success(request, f"{source.name} is {'paused' if pausing else 'being read again'}.")
    return redirect("metrics:sources")


@require_POST
def source_remove(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    services.source_remove(actor=signed_in(request), source=source)
    messages.success(request, f"{source.name} is removed; what it brought stays.")
    return redirect("metrics:sources")


def upload(request: HttpRequest) -> HttpResponse:
    """History from a file."""
    user, now = signed_in(request), clock.now()
    require(user, Role.MANAGER)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and (rows := attempt(form, history_upload, actor=user, now=now)):
        name = form.cleaned_data["name"]
        messages.success(
            request,
            f"{counted(rows, 'row')} of {name} stored; older ones stand in its charts within a minute.",
        )
        return redirect("metrics:list")
    return render(request, "metrics/upload.html", {"form": form})
