"""How fast we were: the four times by severity, with their method."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from incidents.response.figures import TIMES, Row, by_severity, detected_in
from incidents.response.forms import FilterForm
from incidents.response.measures import rows_url
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib import clock
from opsconsole.lib.durations import rough
from opsconsole.lib.periods import days
from opsconsole.lib.phrases import listed

DAYS = 90


def figures(request: HttpRequest) -> HttpResponse:
    """Of the last 90 days, or from a day to a day."""
    now, zone = clock.now(), team_zone()
    last = now.astimezone(zone).date()
    usual = {"from": str(last - timedelta(days=DAYS - 1)), "to": str(last)}
    form = FilterForm(usual | {name: value for name, value in request.GET.items() if value})
    asked = form.cleaned_data if form.is_valid() else {}
    last = asked.get("to", last)
    first = asked.get("from", last - timedelta(days=DAYS - 1))
    period = days(first, (last - first).days + 1, zone)
    rows = by_severity(detected_in(period), now)
    context = {
        "heading": _heading(rows),
        "rows": rows,
        "times": TIMES,
        "first": first,
        "last": last,
        "days": [form["from"], form["to"]],
        "rows_url": rows_url(period),
    }
    return render(request, "response/figures.html", context)


def _heading(rows: list[Row]) -> str:
    if not rows:
        return "No incident in this time."
    total = rows[0]
    named = {time.slug: spread for time, spread in zip(TIMES, total.spreads, strict=True)}
    spans = [
        (verb, rough(span))
        for slug, verb in (("tta", "acknowledged"), ("ttr", "resolved"))
        if (span := named[slug].median_span) is not None
    ]
    if total.n == 1:
        said = listed(f"{verb} after {span}" for verb, span in spans)
        return f"One incident, {said}." if said else "One incident, not over yet."
    said = listed(f"{verb} within {span}" for verb, span in spans)
    return (
        f"{total.n} incidents, half of them {said}."
        if said
        else f"{total.n} incidents, none of them over yet."
    )
