"""The days of a figure as rows of a table. A year of them is written here, since a template takes five times as long."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from opsconsole.lib.figures import per_cent
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import Measure
from opsconsole.measures.verdicts import Verdict
from opsconsole.ui.templatetags.ui import figure, tag, value

_ROW = (
    '<tr>\n    <td class="day"><span>{}</span> <span>{}</span></td>\n    {}\n'
    '    <td class="number">{}</td>\n    <td class="number">{}</td><td class="number">{}</td>\n  </tr>'
)
_NOTHING = SafeString('<td><span class="quiet">nothing to measure</span></td>')
_UNJUDGED = SafeString('<td><span class="quiet">not judged</span></td>')
_UNKEPT = SafeString('<td class="quiet">not kept</td>'), "–", "–", "–"


def day_rows(measure: Measure, rows: Sequence[tuple[date, DailyValue | None]]) -> SafeString:
    """In the order given: the day, its verdict, the value with its evidence, how much was measured, how many observations."""
    cells = ((f"{day:%a} {day.day} {day:%b}", day.year, *_cells(measure, row)) for day, row in rows)
    return format_html_join("", _ROW, cells)


def _cells(measure: Measure, row: DailyValue | None) -> tuple[str, str, str, str]:
    if row is None:
        return _UNKEPT
    shown = value(row.value, measure.unit, measure.digits)
    if row.evidence_url:
        shown = SafeString(f'<a href="{escape(row.evidence_url)}">{shown}</a>')
    return _verdict(measure, row), shown, per_cent(row.coverage, 0), figure(row.n)


def _verdict(measure: Measure, row: DailyValue) -> SafeString:
    if row.is_nothing:
        return _NOTHING
    if row.verdict == Verdict.OK and measure.rule.target is None:
        return _UNJUDGED
    return _tagged(row.verdict)


@lru_cache(maxsize=8)
def _tagged(verdict: str) -> SafeString:
    return SafeString(f"<td>{tag(verdict)}</td>")
