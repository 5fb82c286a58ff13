"""What a service or a probe shows as bars or a line, as rows of tables. They are written here, since a template takes five times as long."""

from collections.abc import Sequence

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from monitoring.catalogue.days import Day
from monitoring.catalogue.latencies import Row
from opsconsole.lib import durations
from opsconsole.lib.figures import per_cent, written

_ROW = (
    '<tr><td>{}</td><td class="number">{}</td><td class="number">{}</td><td class="number">{}</td>'
    '<td class="number">{}</td><td class="number">{}</td></tr>\n'
)
_LATENCY = (
    '<tr><td>{}</td><td class="number">{} ms</td><td class="number">{} ms</td><td class="number">{}</td>'
    '<td class="number">{}</td><td class="number">{}</td></tr>'
)


def day_rows(days: Sequence[Day]) -> SafeString:
    """Those of which anything is known, newest first: uptime, time down, slow and maintained, and how much was measured."""
    known = (day for day in reversed(days) if day.total.uptime is not None or day.total.maintenance)
    return format_html_join("", _ROW, (_cells(day) for day in known))


def _cells(day: Day) -> tuple[str, ...]:
    total, name = day.total, f"{day.day:%a} {day.day.day} {day.day:%b}"
    spells = [_spell(seconds) for seconds in (total.down, total.slow, total.maintenance)]
    return name, per_cent(total.uptime), *spells, per_cent(total.coverage, 0)


def _spell(seconds: float) -> str:
    return durations.words(seconds) if seconds else "–"


def latency_rows(rows: Sequence[Row]) -> SafeString:
    """Those of which anything is known: half and 95 % of the answers, how many, uptime, and time down."""
    known = (row for row in rows if row.total.uptime is not None or row.total.answers)
    return format_html_join("", _LATENCY, (_latency_cells(row) for row in known))


def _latency_cells(row: Row) -> tuple[str, ...]:
    times = [str(written(number)) for number in (row.p50, row.p95, row.total.answers)]
    return row.name, *times, per_cent(row.total.uptime), _spell(row.total.down)
