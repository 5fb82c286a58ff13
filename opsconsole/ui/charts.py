"""Pictures drawn by the server as SVG, joined in Python: ten times faster than a template loop, and no script needed.

Each is decoration for a value that stands beside it in text, or comes with a table; colour never says it alone. Lines and bars
stretch with the page while text keeps its size: positions are per cent, and only the plot inside has a view box.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_HEIGHT = 168  # of the plot; dates stand below
_LABELS = 5  # as many dates as a phone has room for


@dataclass(frozen=True)
class Bar:
    """One span of an uptime strip: its tone (a verdict) and what a hover says, if anything."""

    tone: str
    title: str = ""


def bars(spans: Sequence[Bar], label: str) -> SafeString:
    """A strip of equal bars, oldest first, e.g. 90 days. Those with a title can be hovered; the others cost a few bytes each."""
    count = max(len(spans), 1)
    places = defaultdict(list)
    for i, bar in enumerate(spans):
        places[bar.tone].append(i)
    strokes = "".join(
        f'<path class="{tone}" d="{"".join(f"M{i}.5 0v1" for i in at)}"/>' for tone, at in places.items()
    )
    hovers = "".join(
        f'<rect x="{i}" width="1" height="1"><title>{escape(bar.title)}</title></rect>'
        for i, bar in enumerate(spans)
        if bar.title
    )
    return _svg(
        f'<svg class="bars" viewBox="0 0 {count} 1" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
        f"{strokes}{hovers}</svg>"
    )


def sparkline(values: Sequence[float | None]) -> SafeString:
    """A small line with a dot on its last value; holes stay holes. Nothing for fewer than two values."""
    points = _scaled(values, width=100, height=24, pad=4)
    if sum(p is not None for p in points) < 2:
        return SafeString("")
    last = next(p for p in reversed(points) if p is not None)
    return _svg(
        f'<svg class="spark" viewBox="0 0 100 24" aria-hidden="true"><path d="{_path(points)}"/>'
        f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="2.5"/></svg>'
    )


@dataclass(frozen=True)
class Line:
    """A named series of a chart; `tone` picks its colour (accent, ok, look, bad, quiet)."""

    name: str
    values: Sequence[float | None]
    tone: str = "accent"


def line_chart(
    lines: Sequence[Line],
    labels: Sequence[str],
    *,
    unit: str = "",
    target: float | None = None,
    label: str = "",
    titles: Sequence[str] = (),
    tones: Sequence[str] = (),
    marks: Sequence[bool] = (),
    from_zero: bool = True,
) -> SafeString:
    """Lines over time with a scale and about five dates, the target dashed. Put the same figures into a table behind it.

    `labels` has one short text for each position, `titles` what a hover there says, `tones` a verdict that is shaded there
    (“bad” where it was down; "" for none), `marks` where an upright stands for something that was done. `from_zero=False` fits the scale to the values, for shares near 100 %.
    """
    ticks = _ticks([v for line in lines for v in line.values], target, from_zero)
    count = max([len(labels), *(len(line.values) for line in lines)], default=0)
    plot = (
        _shades(tones, count)
        + "".join(f'<path class="grid" d="M0 {_y(t, ticks):.1f}H1000"/>' for t in ticks)
        + ("" if target is None else f'<path class="goal" d="M0 {_y(target, ticks):.1f}H1000"/>')
        + "".join(
            f'<path class="mark" d="M{_x(i, count):.1f} 0V{_HEIGHT}"/>' for i, on in enumerate(marks) if on
        )
        + "".join(_line(line, count, ticks) for line in lines)
        + _hovers(titles, count)
    )
    return _svg(
        f'<svg class="chart" role="img" aria-label="{escape(label)}">'
        f'<svg y="12" width="100%" height="{_HEIGHT}" viewBox="0 0 1000 {_HEIGHT}" preserveAspectRatio="none">{plot}</svg>'
        f"{_levels(ticks, unit)}{_dates(labels)}</svg>"
    )


def tile_chart(
    values: Sequence[float | None],
    *,
    label: str,
    ends: tuple[str, str],
    unit: str = "",
    target: float | None = None,
    tones: Sequence[str] = (),
    from_zero: bool = True,
) -> SafeString:
    """A line that fills whatever holds it, with its highest level and its two ends named; `label` says the rest in words.

    `tones` has a verdict for each position that is shaded ("" for none); the target is dashed.
    """
    ticks = _ticks(values, target, from_zero)
    goal = "" if target is None else f'<path class="goal" d="M0 {_y(target, ticks):.1f}H1000"/>'
    plot = (
        _shades(tones, len(values))
        + f'<path class="grid" d="M0 0H1000M0 {_HEIGHT}H1000"/>{goal}'
        + _line(Line("", values), len(values), ticks)
    )
    top = f"{_said(ticks[-1])}{f' {escape(unit)}' if unit else ''}"
    return _svg(
        f'<svg class="chart tile-chart" role="img" aria-label="{escape(label)}">'
        f'<svg y="16%" width="100%" height="62%" viewBox="0 0 1000 {_HEIGHT}" preserveAspectRatio="none">{plot}</svg>'
        f'<text y="16%" dy="-3">{top}</text><text y="100%" dy="-3">{escape(ends[0])}</text>'
        f'<text x="100%" y="100%" dy="-3" text-anchor="end">{escape(ends[1])}</text></svg>'
    )


def _ticks(values: Sequence[float | None], target: float | None, from_zero: bool) -> list[float]:
    """The levels that show all values and the target. Where all are one, and it does not start at zero, it is the highest."""
    known = [value for value in (*values, target) if value is not None] or [0, 1]
    low, high = (0 if from_zero else min(known)), max(known)
    return scale(high - 1 if low == high and not from_zero else low, high)


def scale(low: float, high: float) -> list[float]:
    """Three to six round levels (steps of 1, 2 or 5 times a power of ten) from at most `low` to at least `high`."""
    high = high if high - low > max(1e-6, 1e-9 * abs(high)) else low + (abs(low) or 1)
    raw = (high - low) / 4
    magnitude = 10.0 ** floor(log10(raw))
    step = next(m * magnitude for m in (1, 2, 5, 10) if m * magnitude >= raw * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def _svg(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308 — every text in it went through escape, the rest are numbers


def _x(i: int, count: int) -> float:
    """Positions are the middles of equal columns, so that a shade or a hover covers its column."""
    return (i + 0.5) * 1000 / count


def _y(value: float, ticks: Sequence[float]) -> float:
    return _HEIGHT - _HEIGHT * (value - ticks[0]) / (ticks[-1] - ticks[0])


def _line(line: Line, count: int, ticks: Sequence[float]) -> str:
    points = [None if v is None else (_x(i, count), _y(v, ticks)) for i, v in enumerate(line.values)]
    around = zip([None, *points], points, [*points[1:], None], strict=False)
    lone = [point for before, point, after in around if point and not before and not after]
    dots = f'<path class="line dots {line.tone}" d="{_path(_apart(lone))}"/>' if lone else ""
    return f'<path class="line {line.tone}" d="{_path(points)}"/>{dots}'


def _apart(points: Sequence[tuple[float, float]]) -> list[tuple[float, float] | None]:
    """With a hole after each, so that none is joined to the next."""
    return [place for point in points for place in (point, None)]


def _shades(tones: Sequence[str], count: int) -> str:
    """Runs of one tone as one rectangle."""
    shades, start = [], 0
    for i in range(1, len(tones) + 1):
        if i == len(tones) or tones[i] != tones[start]:
            if tones[start]:
                x, width = start * 1000 / count, (i - start) * 1000 / count
                shades.append(
                    f'<rect class="shade {tones[start]}" x="{x:.1f}" width="{width:.1f}" height="{_HEIGHT}"/>'
                )
            start = i
    return "".join(shades)


def _hovers(titles: Sequence[str], count: int) -> str:
    width = 1000 / max(count, 1)
    return "".join(
        f'<rect class="hover" x="{i * width:.1f}" width="{width:.1f}" height="{_HEIGHT}"><title>{escape(text)}</title></rect>'
        for i, text in enumerate(titles)
        if text
    )


def _levels(ticks: Sequence[float], unit: str) -> str:
    """The levels' values, each just above its line; the unit once, at the top."""
    return "".join(
        f'<text x="0" y="{12 + _y(tick, ticks) - 4:.1f}">{_said(tick)}{f" {escape(unit)}" if unit and tick == ticks[-1] else ""}</text>'
        for tick in ticks[1:]
    )


def _said(value: float) -> str:
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def _dates(labels: Sequence[str]) -> str:
    """Every n-th label, at equal distances."""
    step = max(1, ceil(len(labels) / _LABELS))
    spare = (len(labels) - 1) % step if labels else 0
    return "".join(
        f'<text x="{_x(i, len(labels)) / 10:.1f}%" y="{_HEIGHT + 30}" text-anchor="middle">{escape(labels[i])}</text>'
        for i in range(spare // 2, len(labels), step)
    )


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    """A value alone between holes becomes a dot: a line of no length with a round end."""
    parts = []
    for i, point in enumerate(points):
        if point is None:
            continue
        follows = i > 0 and points[i - 1] is not None
        alone = not follows and (i + 1 == len(points) or points[i + 1] is None)
        parts.append(f"{'L' if follows else 'M'}{point[0]:.1f} {point[1]:.1f}{'h0' if alone else ''}")
    return "".join(parts)


def _scaled(
    values: Sequence[float | None], *, width: float, height: float, pad: float
) -> list[tuple[float, float] | None]:
    known = [v for v in values if v is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    span, step = (high - low) or 1, (width - 2 * pad) / max(len(values) - 1, 1)
    flat = height / 2 if high == low else None
    return [
        None if v is None else (pad + i * step, flat or height - pad - (height - 2 * pad) * (v - low) / span)
        for i, v in enumerate(values)
    ]
