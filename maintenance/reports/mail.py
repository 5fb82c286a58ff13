"""A report as a mail: the page's essence, made once from the frozen data; it reads well as plain text."""

from collections.abc import Sequence
from textwrap import fill
from typing import Any

from django.conf import settings

from maintenance.reports import figures
from maintenance.reports.figures import Figure
from maintenance.reports.models import WeeklyReport
from maintenance.reports.verdict import WORDS
from opsconsole.lib.figures import change, written
from opsconsole.lib.periods import Week
from opsconsole.outbox.messages import Message, render

WIDTH = 76


def message(report: WeeklyReport) -> Message:
    """Machines get the frozen data as it is."""
    return render("weekly_report", context(report), data={"type": "report.weekly", **report.data})


def context(report: WeeklyReport) -> dict[str, Any]:
    shown = figures.thaw(report.data["figures"])
    sections = [section for section in report.data["sections"] if section["items"]]
    return {
        "report": report,
        "week": Week.parse(report.week),
        "data": report.data,
        "word": WORDS[report.data["verdict"]["tone"]],
        "sentence": fill(report.data["verdict"]["sentence"], WIDTH),
        "figures": shown,
        "lines": table(shown),
        "sections": [{**section, "lines": [line(item) for item in section["items"]]} for section in sections],
    }


def table(shown: Sequence[Figure]) -> list[str]:
    """The figures in three columns: title, value, what it is held against."""
    titles = max((len(figure.title) for figure in shown), default=0)
    values = max((len(_value(figure)) for figure in shown), default=0)
    return [f"{f.title:<{titles}}  {_value(f):>{values}}  {_aside(f)}".rstrip() for f in shown]


def line(item: dict[str, Any]) -> str:
    """“- INC-042, 18 min, P1 …”, wrapped, with its address on a line of its own."""
    text = fill(
        f"{item['label']}{item['joint']}{item['text']}", WIDTH, initial_indent="- ", subsequent_indent="  "
    )
    return f"{text}\n  {settings.OPSCONSOLE_URL}{item['url']}" if item["url"] else text


def _value(figure: Figure) -> str:
    return str(written(figure.value, figure.unit, figure.digits))


def _aside(figure: Figure) -> str:
    """“OFF TARGET; −0.02 on week 45; target at least 99.9 %”."""
    mark = "OFF TARGET" if figure.is_off else "NOT VERIFIED" if figure.is_unread else ""
    before = figure.against("previous")
    held = (
        f"{change(before.delta, figure.unit, figure.digits)} on {before.name}"
        if before and before.delta is not None
        else ""
    )
    target = f"target {figure.target_words}" if figure.is_off else ""
    return "; ".join(part for part in (mark, held, target) if part)
