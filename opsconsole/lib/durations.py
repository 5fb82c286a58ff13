"""Durations in words: “38 min”, “2 h 5 min”, “3 days”; and back from what people type."""

import re
from datetime import timedelta

_UNITS = {"s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600}
_UNITS |= {"d": 86400, "day": 86400, "w": 604800, "week": 604800}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)[\s,]*")


def words(span: timedelta | float) -> str:
    """The two largest units: 7500 s → “2 h 5 min”. Below a second, milliseconds."""
    seconds = span.total_seconds() if isinstance(span, timedelta) else float(span)
    if 0 < abs(seconds) < 1:
        return f"{seconds * 1000:.0f} ms"
    sign, rest = ("–" if seconds < 0 else ""), round(abs(seconds))
    days, rest = divmod(rest, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    parts = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min"), (secs, "s")]
    first = next((i for i, (n, _) in enumerate(parts) if n), 3)
    shown = [f"{n} {unit}" for n, unit in parts[first : first + 2] if n] or ["0 s"]
    return sign + " ".join(shown)


def rough(span: timedelta) -> str:
    """In words without the seconds from two minutes on, and never below one: what a reader wants of a clock that runs."""
    if abs(span) >= timedelta(minutes=2):
        return words(timedelta(minutes=span // timedelta(minutes=1)))
    return words(timedelta(seconds=1) if timedelta() < span < timedelta(seconds=1) else span)


def parse(text: str) -> timedelta:
    """“90 s”, “5 min”, “1h 30m”, “2 days” → a span. Raises ValueError with a sentence for the form.

    Raises OverflowError for what is longer than a timedelta can be.
    """
    text = text.strip().lower()
    if not text or _PART.sub("", text):
        raise ValueError("Write a duration such as “30 s”, “5 min”, “1 h 30 min” or “2 days”.")
    return timedelta(seconds=sum(float(number) * _seconds(unit) for number, unit in _PART.findall(text)))


def _seconds(unit: str) -> int:
    one = unit.removesuffix("s") if len(unit) > 2 else unit  # “ms” is no minute
    found = _UNITS.get(unit) or _UNITS.get(one)
    if not found:
        raise ValueError(f"“{unit}” is not a unit of time; use s, min, h, days or weeks.")
    return found
