"""How a series stands now: what has stopped coming is unknown, and without a target nothing is green."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitoring.metrics.models import Series, Source
from monitoring.metrics.rolls import Roll
from monitoring.metrics.states import Kind, is_stale
from opsconsole.lib.figures import Written, counted, written
from opsconsole.lib.moments import from_ms
from opsconsole.measures.verdicts import Reading, Rule, Verdict

WORDS = {
    Verdict.OK: "On target",
    Verdict.LOOK: "Off target",
    Verdict.BAD: "Well off",
    Verdict.UNKNOWN: "Not verified",
}


@dataclass(frozen=True)
class Standing:
    """`tone` is empty where there is no target to hold the value against."""

    tone: str
    word: str
    value: float | None
    last_at: datetime | None


def standing(series: Series, hour: Roll | None, now: datetime) -> Standing:
    """`hour` is the roll of the last hour, or None where nothing came."""
    last_at = max(filter(None, (series.last_at, from_ms(hour.last_at) if hour else None)), default=None)
    value = _value(series, hour)
    if is_stale(last_at, series.patience, now):
        return Standing("unknown", "Stopped" if last_at else "Not yet", value, last_at)
    if series.target is None:
        return Standing("", "No target", value, last_at)
    verdict = rule_of(series).judge(Reading(value))
    return Standing(verdict, WORDS[verdict], value, last_at)


def _value(series: Series, hour: Roll | None) -> float | None:
    if series.kind == Kind.GAUGE:
        return hour.last if hour else series.last_value
    return hour.figure(series.figure) if hour else None


def sources_sentence(sources: Sequence[Source]) -> str:
    """What is true of all sources, for the heading; one that rests is not read, whatever it brought before."""
    awake = [source for source in sources if not source.is_paused]
    failing = sum(bool(source.last_error) for source in awake)
    if not sources:
        return "Nothing is fetched yet"
    if failing:
        return f"{counted(failing, 'source')} cannot be read"
    if not awake:
        return "Every source is paused"
    rest = f"; {len(sources) - len(awake)} paused" if len(awake) < len(sources) else ""
    return f"{counted(len(awake), 'source')} {'is' if len(awake) == 1 else 'are'} read{rest}"


def rule_of(series: Series) -> Rule:
    return Rule(series.better, series.target, series.limit)


def said(value: float | None, unit: str) -> Written:
    return written(value, unit, None)
