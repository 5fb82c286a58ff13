"""Pictures drawn by the server as SVG, joined in Python: ten times faster than a template loop, and no script needed.

Each is decoration for a value that stands beside it in text, or comes with a table; colour never says it alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Bar:
    """One span of an uptime strip: its tone (a verdict) and what a hover says."""

    tone: str
    title: str


def bars(spans: Sequence[Bar], label: str) -> SafeString:
    """A strip of equal bars, oldest first, e.g. 90 days."""
    step = 100 / max(len(spans), 1)
    rects = "".join(
        f'<rect class="{bar.tone}" x="{i * step:.2f}%" width="{step * 0.72:.2f}%" height="100%" rx="1.5">'
        f"<title>{escape(bar.title)}</title></rect>"
        for i, bar in enumerate(spans)
    )
    return _svg(f'<svg class="bars" role="img" aria-label="{escape(label)}">{rects}</svg>')


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
) -> SafeString:
    """A chart 720 × 200 with a scale from zero, about five dates, and the target as a dashed line.

    `labels` has one text for each position of the series. Put the same figures into a table behind it.
    """
    known = [v for line in lines for v in line.values if v is not None]
    top = _nice(max([*known, target or 0, 1e-9]))
    paths = "".join(
        f'<path class="line {line.tone}" d="{_path(_plot(line.values, top))}"><title>{escape(line.name)}</title></path>'
        for line in lines
    )
    goal = "" if target is None else f'<path class="goal" d="M44 {_y(target, top):.1f}H716"/>'
    return _svg(
        f'<svg class="chart" viewBox="0 0 720 200" role="img" aria-label="{escape(label)}">'
        f"{_grid(top, unit)}{_dates(labels)}{goal}{paths}</svg>"
    )


def _svg(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308 — every text in it went through escape, the rest are numbers


def _y(value: float, top: float) -> float:
    return 172 - 160 * min(value, top) / top


def _plot(values: Sequence[float | None], top: float) -> list[tuple[float, float] | None]:
    step = 672 / max(len(values) - 1, 1)
    return [None if v is None else (44 + i * step, _y(v, top)) for i, v in enumerate(values)]


def _grid(top: float, unit: str) -> str:
    levels = [top * share for share in (0, 0.5, 1)]
    return "".join(
        f'<path class="grid" d="M44 {_y(v, top):.1f}H716"/><text x="38" y="{_y(v, top) + 4:.1f}" text-anchor="end">'
        f"{v:g}{f' {escape(unit)}' if unit and v == top else ''}</text>"
        for v in levels
    )


def _dates(labels: Sequence[str]) -> str:
    if not labels:
        return ""
    step = 672 / max(len(labels) - 1, 1)
    shown = range(0, len(labels), max(1, -(-len(labels) // 5)))
    return "".join(f'<text x="{44 + i * step:.1f}" y="192">{escape(labels[i])}</text>' for i in shown)


def _nice(value: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    magnitude = 10.0 ** (len(str(int(value))) - 1) if value >= 1 else 0.1
    return next((m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude >= value), value)


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    parts, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        parts.append(f"{pen}{point[0]:.1f} {point[1]:.1f}")
        pen = "L"
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
