"""Figures and reports for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from maintenance.reports.figures import Earlier, Figure
from maintenance.reports.sections import Broken
from opsconsole.measures.verdicts import Reading, Rule


def earlier(value: float | None = None, **fields: Any) -> Earlier:
    defaults = {
        "key": "previous",
        "name": "week 45",
        "value": value,
        "coverage": 1.0,
        "delta": None,
        "relative": None,
        "tone": "",
        "missing": "" if value is not None else "not measured then",
        "evidence_url": "",
    }
    return Earlier(**defaults | fields)


def figure(title: str = "Uptime", value: float | None = 99.95, **fields: Any) -> Figure:
    """Judged by its own `better`, `target` and `limit`; held against nothing unless told."""
    rule = Rule(fields.get("better", "higher"), fields.get("target"), fields.pop("limit", None))
    coverage, n = fields.get("coverage", 1.0), fields.get("n")
    reading = Reading(value, coverage, n)
    defaults = {
        "slug": f"acme.{title.lower().replace(' ', '_')}",
        "title": title,
        "unit": "%",
        "digits": 2,
        "value": value,
        "verdict": rule.judge(reading).value,
        "is_nothing": reading.is_nothing,
        "coverage": coverage,
        "n": n,
        "detail": "",
        "evidence_url": "/rows/",
        "better": rule.better,
        "target": rule.target,
        "target_words": f"at least {rule.target} %" if rule.target is not None else "",
        "method": "Counted.",
        "version": 1,
        "of_moment": False,
        "earlier": [],
    }
    return Figure(**defaults | fields)


def broken(
    title: str = "API is down", rank: int = 1, minutes: float = 18, *, at: float = 0, is_open: bool = False
) -> Broken:
    """It hurt for some minutes, beginning `at` minutes after Wednesday noon."""
    start = datetime(2026, 11, 11, 12, tzinfo=UTC) + timedelta(minutes=at)
    return Broken("INC-042", title, rank, start, start + timedelta(minutes=minutes), is_open)
