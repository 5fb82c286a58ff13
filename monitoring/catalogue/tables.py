"""The bars of a service or a probe as rows of a table. Ninety are written here, since a template takes five times as long."""

from collections.abc import Sequence

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from monitoring.catalogue.days import Day
from opsconsole.lib import durations
from opsconsole.lib.figures import per_cent

_ROW = (
    '<tr><td>{}</td><td class="number">{}</td><td class="number">{}</td><td class="number">{}</td>'
    '<td class="number">{}</td><td class="number">{}</td></tr>\n'
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
