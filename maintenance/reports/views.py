"""The founder's pages."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from maintenance.reports import selectors, services, tables, weeks
from maintenance.reports.forms import CommentForm
from maintenance.reports.models import Comment
from maintenance.reports.selectors import NoReport, Sheet
from opsconsole.accounts.selectors import signed_in, team_zone
from opsconsole.lib import clock
from opsconsole.ui.forms import attempt


@require_safe
def weekly_list(request: HttpRequest) -> HttpResponse:
    zone, now = team_zone(), clock.now()
    lines, older = selectors.published(request.GET.get("after", "")[:8])
    this, pending = weeks.current(zone, now), selectors.pending(zone, now)
    context = {
        "lines": lines,
        "cursor": older,
        "coming": [
            (week, weeks.dates(week), weeks.publishes_at(week, zone)) for week in (this, pending) if week
        ],
        "this": this,
        "now": now,
    }
    return render(request, "reports/weekly_list.html", context)


@require_safe
def weekly(request: HttpRequest, week: str) -> HttpResponse:
    sheet = _sheet(week)
    return _page(request, sheet, CommentForm(figures=sheet.figures))


@require_safe
def weekly_csv(_request: HttpRequest, week: str) -> HttpResponse:
    sheet = _sheet(week)
    return tables.figures_csv(sheet.figures, f"weekly_{sheet.week}.csv")


@require_POST
def comment_add(request: HttpRequest, week: str) -> HttpResponse:
    sheet = _sheet(week)
    form = CommentForm(request.POST, figures=sheet.figures)
    given = {"actor": signed_in(request), "week": sheet.week, "now": clock.now()}
    if attempt(form, services.comment_add, **given) is None:
        return _page(request, sheet, form, status=400)
    messages.success(request, "Your comment stands beside the report.")
    return redirect(_comments_url(str(sheet.week)))


@require_POST
def comment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    comment = get_object_or_404(Comment.objects.select_related("report"), pk=pk)
    services.comment_withdraw(actor=signed_in(request), comment=comment, now=clock.now())
    return redirect(_comments_url(comment.report.week))


@require_POST
def comment_restore(request: HttpRequest, pk: int) -> HttpResponse:
    comment = get_object_or_404(Comment.objects.select_related("report"), pk=pk)
    services.comment_restore(actor=signed_in(request), comment=comment)
    return redirect(_comments_url(comment.report.week))


def _page(request: HttpRequest, sheet: Sheet, form: CommentForm, status: int = 200) -> HttpResponse:
    figures = sheet.figures
    context = {
        "sheet": sheet,
        "data": sheet.data,
        "figures": figures,
        "strip": figures[: selectors.STRIP],
        "main": sheet.sections("main"),
        "aside": sheet.sections("aside"),
        "titles": {figure.slug: figure.title for figure in figures},
        "before": selectors.week_before(sheet.week, team_zone()),
        "after": sheet.week.plus(1),
        "form": form,
    }
    return render(request, "reports/weekly.html", context, status=status)


def _sheet(text: str) -> Sheet:
    try:
        return selectors.sheet(weeks.parse(text), team_zone(), clock.now())
    except (ValueError, NoReport) as error:
        raise Http404(str(error)) from None


def _comments_url(week: str) -> str:
    return f"{reverse('reports:weekly', args=[week])}#comments"
