"""How a number is written: its digits, its unit, and a change of it. Pages, mails and CSV all write it here."""

import math
import re
from dataclasses import dataclass

from opsconsole.lib import durations

NOTHING = "–"
MINUS = "−"  # unlike a dash it never parts from its number at the end of a line
# Units that stand as they are; every other one is a noun in the plural, and one of it is “1 incident”.
_SYMBOLS = {"", "%", "ms", "s", "min", "h", "days", "€", "$", "£"}
_MONEY = {"€", "$", "£"}
_BYTES = {"bytes", "B"}
_SIZES = ("kB", "MB", "GB", "TB", "PB")
_LONG_MINUTES = 120
_LONG_MS = 10_000


@dataclass(frozen=True)
class Written:
    """A number as text, and its unit as it stands behind it (empty where the number says it: “2 h 5 min”)."""

    number: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.unit}".rstrip()


def written(value: float | None, unit: str = "", digits: int | None = 0) -> Written:
    """99.9612, "%", 2 → “99.96 %”; 372, "min" → “6 h 12 min”; 12.3e9, "bytes" → “12.3 GB”; 1, "incidents" → “1 incident”; None → “–”.

    Without `digits` it has as many as carry meaning.
    """
    if value is None or not math.isfinite(value):
        return Written(NOTHING)
    if scaled := _scaled(value, unit):
        return scaled
    if digits is None:
        digits = fitting(value)
        digits += digits == 1 and unit in _MONEY  # 4.50 €
    if unit in ("min", "s") and abs(value) >= 10:
        digits = 0  # nobody wants the tenths of a quarter of an hour
    if unit == "%":
        return Written(_per_cent(value, digits), unit)
    shown = number(value, digits)
    return Written(shown, _one(unit) if shown == "1" else unit)


def per_cent(share: float | None, digits: int = 2) -> str:
    """A share of 1: 0.9996 → “99.96 %”, 1 → “100 %”, None → “–”."""
    return str(written(None if share is None else share * 100, "%", digits))


def exact(value: float, unit: str = "", digits: int | None = 0) -> Written:
    """A number that somebody chose, such as a target: no more digits than it has, 99.9 → “99.9 %”."""
    return written(value, unit, digits and _needed(value, digits))


def _needed(value: float, digits: int) -> int:
    """So many, without zeros at the end."""
    return next((n for n in range(digits) if round(value, n) == round(value, digits)), digits)


def fitting(value: float) -> int:
    """How many digits behind the point carry meaning: 12,345 · 123.4 · 12.34 · 0.123 · 0.06 · 0.00123."""
    size = abs(value)
    if size >= 1000 or not size or not math.isfinite(size):
        return 0
    small = min(12, 2 - math.floor(math.log10(size)))
    return _needed(value, next((n for edge, n in ((100, 1), (1, 2), (0.1, 3)) if size >= edge), small))


def apart(value: float, other: float, unit: str = "", digits: int | None = 0) -> Written:
    """A number beside one that it missed, with the digits that it takes to tell them apart: 99.896 beside 99.9 is not “99.90 %”."""
    digits = fitting(value) if digits is None else digits
    needed = next((n for n in range(digits, digits + 4) if round(value, n) != round(other, n)), digits)
    return written(value, unit, needed)


def number(value: float, digits: int = 0) -> str:
    """1234.5, 1 → “1,234.5”, with a true minus and never “–0”."""
    shown = f"{abs(value):,.{digits}f}"
    return f"{MINUS}{shown}" if value < 0 and float(shown.replace(",", "")) else shown


_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,'’])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_PLAIN = re.compile(r"\d+(?:[.,]\d*)?")


def parsed(text: str) -> float:
    """What people write: “97.5”, “97,5”, “1,234.5”, “1.234,5”, “4.6 %”. Raises ValueError with a sentence.

    A comma before exactly three digits may part thousands or begin a fraction: that is asked, never guessed.
    """
    digits = re.sub(r"[\s%€$£]", "", text).replace(MINUS, "-")
    sign, digits = (-1, digits[1:]) if digits.startswith("-") else (1, digits)
    if re.fullmatch(r"[1-9]\d{0,2},\d{3}", digits):
        either, other = digits.replace(",", ""), digits.replace(",", ".")
        raise ValueError(f"“{digits}” may mean {either} or {other}; write it without the comma.")
    if _PLAIN.fullmatch(digits):
        return sign * float(digits.replace(",", "."))
    if not _GROUPS.fullmatch(digits):
        raise ValueError("Write a number such as 12 or 4.6.")
    whole, mark, fraction = _split(digits)
    return sign * float(f"{re.sub(r'[^0-9]', '', whole)}{mark}{fraction}")


def _split(digits: str) -> tuple[str, str, str]:
    """Where the fraction of a grouped number begins: at a mark that the groups do not use."""
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0 or digits[last] in digits[:last] or not re.search(r"[.,'’]", digits[:last]):
        return digits, "", ""
    return digits[:last], ".", digits[last + 1 :]


def change(delta: float | None, unit: str = "", digits: int | None = 0) -> str:
    """A difference with its sign: “+2”, “−12 min”, “−0.02” (points of a per cent); “same” when nothing of it would show."""
    if delta is None or not math.isfinite(delta):
        return NOTHING
    digits = fitting(delta) if digits is None else digits
    if not round(delta, digits):
        return "same"
    behind = unit if unit in (_SYMBOLS | _BYTES) - {"%"} else ""
    return f"{'+' if delta > 0 else MINUS}{written(abs(delta), behind, digits)}"


def every(number: int, noun: str) -> str:
    """“Both incidents”, “All 3 incidents”."""
    return f"Both {noun}s" if number == 2 else f"All {counted(number, noun)}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """1, "incident" → “1 incident”; 3 → “3 incidents”."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _per_cent(value: float, digits: int) -> str:
    """Never rounded up to 100: 99.9999 with two digits is 99.99, and “100 %” is all of it."""
    if value == 100:
        return "100"
    shown = number(value, digits)
    return number(100 - 10**-digits, digits) if value < 100 and shown == number(100, digits) else shown


def _scaled(value: float, unit: str) -> Written | None:
    """In another unit, where that suits its size."""
    size = abs(value)
    if unit == "min" and 0 < size < 1:
        return Written(number(value * 60), "s")
    if unit == "min" and size >= _LONG_MINUTES:
        return Written(durations.words(round(value) * 60))
    if unit == "ms" and size >= _LONG_MS:
        return Written(number(value / 1000, 1), "s")
    return _size(value) if unit in _BYTES and size >= 1000 else None


def _size(value: float) -> Written:
    """Thousands of thousands, as disks and networks are sold."""
    power = min(len(_SIZES), int(math.log10(abs(value)) // 3))
    shown = value / 1000**power
    return Written(number(shown, min(2, fitting(shown))), _SIZES[power - 1])


def _one(unit: str) -> str:
    if unit in _SYMBOLS or not unit.endswith("s"):
        return unit
    if unit.endswith("ies"):
        return f"{unit[:-3]}y"
    return unit[:-2] if unit.endswith(("sses", "xes", "ches", "shes")) else unit[:-1]
