"""Pages of alerts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from monitoring.alerts import pages, selectors
from monitoring.alerts.ending import alert_end
from monitoring.alerts.models import Alert, Group
from monitoring.alerts.mutes import muted_now
from monitoring.alerts.sentences import ended
from opsconsole.accounts.selectors import signed_in
from opsconsole.lib import clock, htmx, keyset


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What fires now, in groups, and below it all alerts there were."""
    now = clock.now()
    text, state = request.GET.get("q", "").strip()[:100], request.GET.get("state", "")
    context = {
        "board": pages.board_of(now),
        "muted": muted_now(now),
        "page": keyset.page(selectors.alerts(text=text, state=state), request.GET.get("after")),
        "text": text,
        "state": state,
        "states": selectors.STANDINGS,
    }
    return htmx.page(request, "alerts/list.html", context, partial="history")


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    alert = get_object_or_404(Alert.objects.select_related("service", "group", "inhibited_by"), pk=pk)
    return render(request, "alerts/detail.html", {"view": pages.view_of(alert, clock.now()), "alert": alert})


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    alert = get_object_or_404(Alert, pk=pk)
    try:
        over = alert_end(actor=signed_in(request), alert=alert, now=clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, ended(alert, over))
    return redirect("alerts:detail", pk)


@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """All alerts of one group, the newest first."""
    found = get_object_or_404(Group.objects.select_related("service"), pk=pk)
    rows = found.alerts.select_related("service", "inhibited_by")
    context = {"group": found, "page": keyset.page(rows, request.GET.get("after"))}
    return render(request, "alerts/group.html", context)
