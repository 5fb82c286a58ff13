"""Who is hurt: the response knows no customers, so higher nouns register readers here in their `plugins.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from incidents.response.models import Incident
from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Impact:
    """One figure, e.g. “37 customers”, with the page of its rows."""

    value: str
    label: str
    url: str = ""


Read = Callable[[Incident], list[Impact]]
impacts: Registry[Read] = Registry("reader of impact")


def impact_of(incident: Incident) -> list[Impact]:
    return [impact for read in impacts for impact in read(incident)]
