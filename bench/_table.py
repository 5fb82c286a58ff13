"""Figures as lines of a table: what was measured, what is wanted, and how that stands beside others of the same run."""

from collections.abc import Iterator, Mapping

from bench._goals import Beside, Goal, goal_of

HEAD = ("figure", "value", "target", "met", "beside it, in the same run")
_WIDTHS = (32, 16, 18, 4, 0)


def line(cells: tuple[str, ...]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()


def busy(load: float, cores: int) -> str:
    """A line to say that others are at work, whose share the figures include; nothing where they are not."""
    if load < cores / 4:
        return ""
    return f"The machine is busy with other work (load {load:.1f} on {cores} cores): what follows is worse than it would be.\n"


def row(name: str, seen: Mapping[str, float], unit: str) -> str:
    """`seen` holds every figure of this run so far, this one too."""
    goal = goal_of(name) or Goal()
    first, *others = [*_beside(name, goal, seen), ""]
    top = line((name, _figure(seen[name], unit), _target(goal, unit), said(met(name, seen)), first))
    return "\n".join([top, *(line(("", "", "", "", other)) for other in others if other)])


def met(name: str, seen: Mapping[str, float]) -> bool | None:
    """None where there is no target, or what it is relative to was not measured."""
    goal, value = goal_of(name) or Goal(), seen[name]
    if goal.most is not None:
        return value <= goal.most
    if goal.least is not None:
        return value >= goal.least
    relative = [(one.figure, one.most) for one in goal.beside if one.most and one.figure in seen]
    return all(value <= most * seen[figure] for figure, most in relative) if relative else None


def said(is_met: bool | None) -> str:
    return "" if is_met is None else "yes" if is_met else "NO"


def summary(seen: Mapping[str, float]) -> str:
    """“11 of 12 targets are met; missed: page_measures.”"""
    judged = {name: is_met for name in seen if (is_met := met(name, seen)) is not None}
    missed = [name for name, is_met in judged.items() if not is_met]
    if not judged:
        return "None of these figures has a target."
    end = f"; missed: {', '.join(missed)}." if missed else "."
    return f"{len(judged) - len(missed)} of {len(judged)} targets are met{end}"


def _target(goal: Goal, unit: str) -> str:
    relative = [one.most for one in goal.beside if one.most]
    if goal.most is not None:
        return f"≤ {_figure(goal.most, unit)}"
    if goal.least is not None:
        return f"≥ {_figure(goal.least, unit)}"
    return f"≤ {relative[0]} × beside it" if relative else ""


def _beside(name: str, goal: Goal, seen: Mapping[str, float]) -> Iterator[str]:
    for other in goal.beside:
        if seen.get(other.figure):
            yield _ratio(seen[name], seen[other.figure], other)
    if goal.limit:
        yield f"limit: {goal.limit}"
    if goal.quoted:
        yield f"quoted: {goal.quoted}"


def _ratio(value: float, other: float, beside: Beside) -> str:
    ratio = value / other
    return f"{ratio:{'.0f' if ratio >= 10 else '.2g'}} × {beside.words} ({_figure(other)})"


def _figure(value: float, unit: str = "") -> str:
    shown = f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
    return f"{shown} {unit}".strip()
