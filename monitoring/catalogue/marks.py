"""What was done to a service on purpose: changes register a reader here, so that the catalogue need not import them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitoring.catalogue.models import Service
from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Mark:
    """One deed: when, of which kind, in one line, its page, and who did it if that is known."""

    at: datetime
    kind: str
    title: str
    url: str
    by: str = ""


Read = Callable[[Service], list[Mark]]
"""The newest of a service, newest first, in one query."""

marks: Registry[Read] = Registry("reader of what was done to a service")


def marks_of(service: Service) -> list[Mark]:
    return [mark for read in marks for mark in read(service)]
