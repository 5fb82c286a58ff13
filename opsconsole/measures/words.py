"""A rule in words, for people who want to know why a figure is called fine."""

from opsconsole.lib.figures import exact
from opsconsole.measures.registry import Fold, Measure

_FOLDING = {
    Fold.SUM: "Older weeks add up the days.",
    Fold.MEAN: "Older weeks are the mean of the days, weighted by how much of each was measured.",
    Fold.POOLED: "Older weeks are the mean of the days, weighted by the number of observations.",
    Fold.MEDIAN: "Older weeks show the middle of the days’ medians, weighted by the number of observations.",
    Fold.LAST: "It is a figure of a moment: the end of the period.",
}


def target(measure: Measure) -> str:
    """“at least 99.9 %”, “at most 15 min”, “0 incidents”; empty without a target."""
    wanted = measure.rule.target
    if wanted is None:
        return ""
    said = str(exact(wanted, measure.unit, measure.digits))
    if wanted == 0 and measure.rule.better == "lower":
        return said
    return f"{_bound(measure)} {said}"


def limit(measure: Measure) -> str:
    """Where it turns bad: “bad below 99 %”; empty without a target."""
    rule = measure.rule
    if rule.target is None:
        return ""
    edge = rule.target if rule.limit is None else rule.limit
    side = "below" if rule.better == "higher" else "above"
    return f"bad {side} {exact(edge, measure.unit, measure.digits)}"


def folding(measure: Measure) -> str:
    return _FOLDING[measure.fold]


def direction(measure: Measure) -> str:
    return "more is better" if measure.rule.better == "higher" else "less is better"


def _bound(measure: Measure) -> str:
    return "at least" if measure.rule.better == "higher" else "at most"
