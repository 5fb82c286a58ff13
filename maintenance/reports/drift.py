"""Whether a published week would read differently today: records are corrected later, and the frozen figures stay."""

from collections.abc import Iterable, Sequence
from typing import Any

from maintenance.reports.figures import Figure
from opsconsole.lib.figures import written
from opsconsole.measures.selectors import Judged


def drifted(frozen: Sequence[Figure], present: Iterable[Judged]) -> list[dict[str, Any]]:
    """Figures whose value would show differently: slug, title, was, now (as text).

    Only what is known on both sides is compared, by one version of its method; figures of a moment are that moment's.
    """
    then = {figure.slug: figure for figure in frozen}
    found = []
    for judged in present:
        figure = then.get(judged.measure.slug)
        if figure and _comparable(figure, judged) and (change := _change(figure, judged)):
            found.append(change)
    return found


def _comparable(figure: Figure, judged: Judged) -> bool:
    known = figure.value is not None and judged.reading.value is not None
    return known and not figure.of_moment and figure.version == judged.measure.version


def _change(figure: Figure, judged: Judged) -> dict[str, Any] | None:
    was = str(written(figure.value, figure.unit, figure.digits))
    now = str(written(judged.reading.value, figure.unit, figure.digits))
    return {"slug": figure.slug, "title": figure.title, "was": was, "now": now} if was != now else None
