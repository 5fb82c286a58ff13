"""A week as the data that is frozen and shown: figures, the verdict on them, and the sections, all plain JSON."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils import timezone

from maintenance.reports import figures, verdict, weeks
from maintenance.reports.sections import SECTIONS, Broken, Context, Item, Section, breakages, contributions
from maintenance.reports.verdict import Facts
from opsconsole.lib.once import reading
from opsconsole.lib.periods import Week

log = logging.getLogger(__name__)
FORMAT = 1
T = TypeVar("T")
U = TypeVar("U")
Data = dict[str, Any]


def build(week: Week, zone: ZoneInfo, now: datetime) -> Data:
    """The report of a week as of `now`; the same rows and moment always give the same data.

    Days in addresses and sentences are those of the team's zone, whoever asks.
    """
    with timezone.override(zone), reading():
        return _build(week, zone, now)


def _build(week: Week, zone: ZoneInfo, now: datetime) -> Data:
    context = Context(week, zone, now, figures.read(week, zone, now))
    parts = {section.key: _items(section, context) for section in SECTIONS}
    broken = _broken(context)
    running = now < week.period(zone).end
    facts = Facts(context.figures, broken or [], len(parts["wanted"]), running, broken is not None)
    return {
        "format": FORMAT,
        "week": str(week),
        "zone": str(zone),
        "start": context.period.start.isoformat(),
        "end": week.period(zone).end.isoformat(),
        "as_of": now.isoformat(),
        "dates": weeks.dates(week),
        "verdict": {
            "tone": verdict.tone(facts).value,
            "opening": verdict.opening(facts),
            "sentence": verdict.sentence(facts),
        },
        "figures": [asdict(figure) for figure in context.figures],
        "sections": [_section(section, parts[section.key]) for section in SECTIONS],
    }


def _section(section: Section, items: list[Item]) -> Data:
    return {**asdict(section), "items": [{**asdict(item), "joint": item.joint} for item in items]}


def _items(section: Section, context: Context) -> list[Item]:
    parts = sorted((c for c in contributions if c.section == section.key), key=lambda c: (c.order, c.name))
    found = [_asked(part.contribute, context, part.name, _unreadable) for part in parts]
    return [item for items in found for item in items]


def _broken(context: Context) -> list[Broken] | None:
    """None when some of it could not be read."""
    parts = [_asked(ask, context, name, lambda _: None) for name, ask in breakages.items()]
    return None if None in parts else [one for part in parts for one in part or []]


def _unreadable(name: str) -> list[Item]:
    return [Item(f"A part of this report could not be read ({name}).", tone="unknown")]


def _asked(ask: Callable[[Context], T], context: Context, name: str, instead: Callable[[str], U]) -> T | U:
    """What one contributor says; one that fails is named and does not take the report with it."""
    try:
        return ask(context)
    except Exception:
        log.exception("the report's part %s failed", name)
        return instead(name)
