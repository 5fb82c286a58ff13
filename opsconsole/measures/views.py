"""The pages of figures."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from opsconsole.accounts.selectors import team_zone
from opsconsole.lib import clock
from opsconsole.lib.tables import csv_file
from opsconsole.measures import comparisons, pages, spans, tables, uses, words
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import Measure, measures

COLUMNS = ["day", "value", "unit", "verdict", "coverage", "observations", "method_version"]


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    groups = pages.groups(team_zone(), clock.now())
    rows = [row for group in groups for row in group.rows]
    return render(request, "measures/list.html", {"groups": groups, "sentence": pages.sentence(rows)})


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    measure, zone, now = _measure(slug), team_zone(), clock.now()
    span, complaint = _span(request, pages.day_of(now, zone))
    lately = comparisons.last_week([slug], zone, now)[slug]
    rows = pages.days(measure, span)
    context = {
        "measure": measure,
        "lately": lately,
        "heading": pages.heading(lately),
        "complaint": complaint,
        "span": span,
        "choices": [(key, name) for key, (_, name) in spans.CHOICES.items()],
        "chart": pages.chart(measure, rows),
        "kept": any(row for _, row in rows),
        "rows": tables.day_rows(measure, rows[::-1]),
        "words": {
            "target": words.target(measure),
            "limit": words.limit(measure),
            "direction": words.direction(measure),
            "folding": words.folding(measure),
        },
        "uses": uses.of(slug),
    }
    return render(request, "measures/detail.html", context, status=400 if complaint else 200)


@require_safe
def days_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The days of the span, one a line; a day without a value has an empty field."""
    measure = _measure(slug)
    span, complaint = _span(request, pages.day_of(clock.now(), team_zone()))
    if complaint:
        return HttpResponse(f"{complaint}\n", status=400, content_type="text/plain; charset=utf-8")
    found = pages.days(measure, span)
    return csv_file(
        f"{slug}_{span.first}_{span.last}.csv", [COLUMNS, *(_line(measure, *each) for each in found)]
    )


def _line(measure: Measure, day: date, row: DailyValue | None) -> list[object]:
    if row is None:
        return [day, *[""] * (len(COLUMNS) - 1)]
    return [day, row.value, measure.unit, row.verdict, row.coverage, row.n, row.version]


def _measure(slug: str) -> Measure:
    found = measures.get(slug)
    if found is None:
        raise Http404(f"There is no figure named “{slug[:80]}”. The list of figures has all of them.")
    return found


def _span(request: HttpRequest, today: date) -> tuple[spans.Span, str]:
    """What was asked for; the default with a complaint when that makes no sense."""
    try:
        return spans.parse(request.GET, today), ""
    except ValueError as error:
        return spans.last(spans.DEFAULT, today), str(error)
