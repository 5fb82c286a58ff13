"""What the health page shows: each part in a word and a sentence, and one sentence over all of them."""

from collections.abc import Sequence
from datetime import datetime

from django.template.defaultfilters import filesizeformat

from opsconsole.health import selectors
from opsconsole.health.models import Switch
from opsconsole.health.selectors import Finding
from opsconsole.health.vitals import Vital, all_vitals
from opsconsole.health.watches import Overdue
from opsconsole.lib.figures import counted
from opsconsole.lib.phrases import capital, listed

_NAMES = {"broker": "Queue of work", "sweeps": "Periodic work"}
_WELL = {"broker": "takes and hands out work", "sweeps": "all of it came to its end in time"}


def vitals(now: datetime) -> list[Vital]:
    """The console's own parts, then what nouns above tell of theirs while the database can say it."""
    found = selectors.readiness(now)
    own = [_vital(one) for one in found]
    return [*own, *(all_vitals(now) if found[0].well else [])]


def _vital(one: Finding) -> Vital:
    name = _NAMES.get(one.name, capital(one.name))
    return Vital(name, "ok" if one.well else "bad", _well(one.name) if one.well else one.sentence)


def _well(name: str) -> str:
    if name == "database":
        return f"answers; it is {filesizeformat(selectors.database_bytes())} large"
    if name == "disk":
        room = selectors.room()
        return "is the database server’s" if room is None else f"{filesizeformat(room)} are free"
    return _WELL[name]


def headline(vitals: Sequence[Vital], overdue: Sequence[tuple[str, Overdue]], switch: Switch | None) -> str:
    """“The console is not well: look at channels, and 2 things are overdue.”"""
    names = [one.name.lower() for one in vitals if one.is_trouble]
    parts = [f"look at {listed(names, 3)}"] if names else []
    if overdue:
        parts.append(f"{counted(len(overdue), 'thing is', 'things are')} overdue")
    if switch and switch.fails:
        parts.append("nobody outside hears from it")
    return (
        f"The console is not well: {listed(parts)}."
        if parts
        else "The console is well: everything that was due has run."
    )
