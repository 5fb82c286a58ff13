"""A series as a chart, as numbers, and as the table behind it."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from monitoring.metrics.models import Series
from monitoring.metrics.rolls import Roll
from monitoring.metrics.standing import rule_of, said
from monitoring.metrics.states import Kind, Statistic
from opsconsole.lib.figures import Written, written
from opsconsole.measures.verdicts import Reading
from opsconsole.ui.charts import Line, line_chart

_LINES = {
    Kind.GAUGE: (("highest", "quiet", "high"), ("mean", "accent", Statistic.MEAN)),
    Kind.COUNTER: (("growth", "accent", Statistic.RISE),),
    Kind.DISTRIBUTION: (("p95", "quiet", Statistic.P95), ("p50", "accent", Statistic.P50)),
}
_COLUMNS = {
    Kind.GAUGE: (("Mean", Statistic.MEAN), ("Lowest", "low"), ("Highest", "high"), ("Newest", Statistic.LAST)),
    Kind.COUNTER: (("Growth", Statistic.RISE), ("Stood at", Statistic.LAST)),
    Kind.DISTRIBUTION: (
        ("p50", Statistic.P50), ("p95", Statistic.P95), ("p99", Statistic.P99), ("Mean", Statistic.MEAN), ("Highest", "high"),
    ),
}  # fmt: skip


def chart(series: Series, points: Sequence[tuple[str, str, Roll | None]]) -> SafeString:
    """Points are (short date, whole date, roll); nothing where no sample came."""
    rolls = [roll for *_, roll in points]
    if not any(rolls):
        return SafeString("")
    lines = [
        Line(name, [_figure(roll, what) for roll in rolls], tone)
        for name, tone, what in _LINES[Kind(series.kind)]
    ]
    low = min(value for line in lines for value in line.values if value is not None)
    return line_chart(
        lines,
        [label for label, *_ in points],
        unit=series.unit if len(series.unit) <= 3 else "",
        target=None
        if series.kind == Kind.COUNTER
        else series.target,  # that is of the whole time, not of a step
        label=f"{series.title}; the table below has the same figures.",
        titles=[f"{name}: {_told(series, roll)}" for _, name, roll in points],
        tones=[_tone(series, roll) for roll in rolls],
        from_zero=low >= 0 and not (series.unit == "%" and low >= 90),
    )


def legend(series: Series) -> list[tuple[str, str]]:
    """(tone, name) of each line."""
    return [(tone.replace("quiet", "unknown"), name) for name, tone, _ in reversed(_LINES[Kind(series.kind)])]


def columns(series: Series) -> list[str]:
    return [*(name for name, _ in _COLUMNS[Kind(series.kind)]), "Samples"]


def cells(series: Series, roll: Roll | None) -> list[Written]:
    told = [value for _, value in figures(series, roll)]
    return [*told, written(roll.n if roll else None)]


def figures(series: Series, roll: Roll | None) -> list[tuple[str, Written]]:
    return [(name, said(_figure(roll, what), series.unit)) for name, what in _COLUMNS[Kind(series.kind)]]


def _figure(roll: Roll | None, what: str) -> float | None:
    if roll is None:
        return None
    return {"low": roll.low, "high": roll.high}[what] if what in ("low", "high") else roll.figure(what)


def _told(series: Series, roll: Roll | None) -> str:
    if roll is None:
        return "no sample"
    value = roll.figure(series.figure)
    return str(said(value, series.unit))


def _tone(series: Series, roll: Roll | None) -> str:
    if roll is None or series.kind == Kind.COUNTER or series.target is None:
        return ""
    verdict = rule_of(series).judge(Reading(roll.figure(series.figure)))
    return verdict if verdict in ("look", "bad") else ""
