"""Pages of heartbeats."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from monitoring.catalogue.models import Service
from monitoring.heartbeats import rows
from monitoring.heartbeats.badging import badge_shown
from monitoring.heartbeats.forms import AdjustForm, HeartbeatForm, PauseForm
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.pages import addresses, detail, lists
from monitoring.heartbeats.previews import preview
from monitoring.heartbeats.selectors import COUNTED
from monitoring.heartbeats.services import heartbeats, pauses, removals
from monitoring.heartbeats.states import Schedule
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require, signed_in, team_zone
from opsconsole.lib import clock, htmx, keyset
from opsconsole.lib.ids import id_of
from opsconsole.measures import evidence
from opsconsole.ui.forms import all_complaints, attempt


@require_safe
def heartbeat_list(request: HttpRequest) -> HttpResponse:
    """Those in trouble first; the form of the first one where there is none."""
    now, asked = clock.now(), request.GET
    listed = lists.heartbeat_list(text=asked.get("q", "").strip(), after=asked.get("after", ""), now=now)
    context: dict[str, object] = {"list": listed, "removed": _removed(asked.get("removed", ""))}
    context |= {"late": rows.late(asked), "badge": badge_shown(None)}
    if not listed.counts.total:
        context |= _form_context(_new_form(request), now) | {"example": addresses.Addresses.to_create()}
    return htmx.page(request, "heartbeats/list.html", context, partial="heartbeats")


@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """Runs of every job, newest first; narrowed to a period as figures count it, and to how they ended."""
    asked = evidence.asked(request.GET, team_zone(), {"heartbeats.success"})
    outcome = request.GET.get("outcome", "")
    found = rows.runs(asked, outcome)
    context = {
        "asked": asked,
        "page": keyset.page(found, request.GET.get("after")),
        "count": found.count() if asked.period else None,
        "outcome": outcome,
        "outcomes": [(end.value, end.label) for end in COUNTED],
    }
    return htmx.page(request, "heartbeats/runs.html", context, partial="all_runs")


@require_safe
def heartbeat_detail(request: HttpRequest, pk: int) -> HttpResponse:
    beat = get_object_or_404(Heartbeat.objects.live().select_related("service"), pk=pk)
    shown = detail.heartbeat_page(
        beat=beat,
        after=request.GET.get("after", ""),
        now=clock.now(),
        zone=timezone.get_current_timezone(),
    )
    return htmx.page(
        request,
        "heartbeats/detail.html",
        {"page": shown, "beat": beat, "pause": PauseForm()},
        partial="state",
    )


def heartbeat_new(request: HttpRequest) -> HttpResponse:
    user, now = signed_in(request), clock.now()
    require(user, Role.MANAGER)
    form = _new_form(request)
    if request.method == "POST":
        beat = attempt(form, heartbeats.heartbeat_create, actor=user, now=now)
        if beat:
            messages.success(request, f"{beat.name} is listening. Now let the job call its address.")
            return redirect("heartbeats:detail", beat.pk)
    return render(request, "heartbeats/new.html", _form_context(form, now))


def heartbeat_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, now = signed_in(request), clock.now()
    require(user, Role.MANAGER)
    beat = get_object_or_404(Heartbeat.objects.live(), pk=pk)
    form = HeartbeatForm.of(beat, request.POST or None)
    asked = request.method == "POST"
    if asked and attempt(form, heartbeats.heartbeat_update, actor=user, heartbeat=beat, now=now) is not None:
        messages.success(request, f"{beat.name} is saved.")
        return redirect("heartbeats:detail", pk)
    return render(request, "heartbeats/edit.html", {"beat": beat, **_form_context(form, now)})


@require_safe
def schedule_preview(request: HttpRequest) -> HttpResponse:
    """What the schedule in the form means: asked for while it is typed."""
    require(signed_in(request), Role.MANAGER)
    return render(request, "heartbeats/_preview.html", {"preview": preview(request.GET, clock.now())})


@require_POST
def heartbeat_adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a change that the page proposes."""
    beat = get_object_or_404(Heartbeat.objects.live(), pk=pk)
    form = AdjustForm(request.POST)
    changed = attempt(
        form, heartbeats.heartbeat_adjust, actor=signed_in(request), heartbeat=beat, now=clock.now()
    )
    if changed:
        messages.success(request, f"{beat.name} now runs {changed.plan.words}.")
    else:
        messages.error(request, all_complaints(form))
    return redirect("heartbeats:detail", pk)


@require_POST
def heartbeat_pause(request: HttpRequest, pk: int) -> HttpResponse:
    beat = get_object_or_404(Heartbeat.objects.live(), pk=pk)
    form = PauseForm(request.POST)
    if attempt(form, pauses.heartbeat_pause, actor=signed_in(request), heartbeat=beat, now=clock.now()):
        messages.success(request, f"{beat.name} is paused. Its pings are kept, and nobody is told.")
    else:
        messages.error(request, all_complaints(form))
    return redirect("heartbeats:detail", pk)


@require_POST
def heartbeat_resume(request: HttpRequest, pk: int) -> HttpResponse:
    beat = get_object_or_404(Heartbeat.objects.live(), pk=pk)
    pauses.heartbeat_resume(actor=signed_in(request), heartbeat=beat, now=clock.now())
    messages.success(request, f"{beat.name} is watched again.")
    return redirect("heartbeats:detail", pk)


@require_POST
def heartbeat_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """No question asked: the list it leads to offers to take it back."""
    beat = get_object_or_404(Heartbeat.objects.live(), pk=pk)
    removals.heartbeat_remove(actor=signed_in(request), heartbeat=beat, now=clock.now())
    return redirect(f"{reverse('heartbeats:list')}?removed={pk}")


@require_POST
def heartbeat_restore(request: HttpRequest, pk: int) -> HttpResponse:
    beat = get_object_or_404(Heartbeat, pk=pk)
    removals.heartbeat_restore(actor=signed_in(request), heartbeat=beat, now=clock.now())
    messages.success(request, f"{beat.name} is back, under its old address.")
    return redirect("heartbeats:detail", pk)


def _new_form(request: HttpRequest) -> HeartbeatForm:
    initial = {"period": timedelta(days=1), "grace": timedelta(hours=1), "zone": team_zone().key}
    service = Service.objects.filter(slug=request.GET.get("service", "")).first()
    return HeartbeatForm(request.POST or None, initial=initial | {"service": service})


def _form_context(form: HeartbeatForm, now: datetime) -> dict[str, object]:
    given = form.data or {
        "schedule": form.initial.get("schedule", Schedule.PERIOD),
        "cron": form.initial.get("cron", ""),
        "calendar": form.initial.get("calendar", ""),
        "zone": form.initial.get("zone", ""),
        "period": form["period"].value(),
        "grace": form["grace"].value(),
    }
    return {"form": form, "preview": preview(given, now)}


def _removed(pk: str) -> Heartbeat | None:
    """The heartbeat that was just removed, so that the list can offer it back."""
    found = id_of(pk)
    return Heartbeat.objects.filter(pk=found).exclude(removed_at=None).first() if found else None
