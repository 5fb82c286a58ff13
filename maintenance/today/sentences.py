"""The state of things in a sentence."""

from collections.abc import Mapping, Sequence

from incidents.response.selectors import MOST
from monitoring.catalogue.sentences import state
from monitoring.catalogue.states import Status
from opsconsole.lib.phrases import capital, in_words

_UNSEEN = (Status.UNKNOWN, Status.MAINTENANCE, Status.PAUSED)


def state_sentence(services: Mapping[Status, Sequence[str]], incidents: Sequence[str]) -> str:
    """“API is down, and one incident is open.”, “All 12 services are up.”, “Nothing is watched yet.”"""
    down, slow = services.get(Status.DOWN, ()), services.get(Status.DEGRADED, ())
    parts = [
        part for part in (_services(down, "down"), _services(slow, "degraded"), _incidents(incidents)) if part
    ]
    if not parts:
        return _calm(services)
    return f"{capital(', and '.join(parts))}."


def _services(names: Sequence[str], what: str) -> str:
    if not names:
        return ""
    return f"{names[0]} is {what}" if len(names) == 1 else f"{_number(names)} services are {what}"


def _incidents(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    if len(titles) > MOST:
        return f"more than {MOST} incidents are open"
    return (
        f"one incident is open: {titles[0]}" if len(titles) == 1 else f"{_number(titles)} incidents are open"
    )


def _number(things: Sequence[str]) -> str:
    return in_words(len(things))


def _calm(services: Mapping[Status, Sequence[str]]) -> str:
    """Nothing is wrong as far as is known; what is not measured is said, never taken for fine."""
    up, total = len(services.get(Status.UP, ())), sum(map(len, services.values()))
    if not total:
        return "Nothing is watched yet."
    if up == total:
        return "The service is up." if up == 1 else f"All {up} services are up."
    missing = ", ".join(_missing(services[status], status) for status in _UNSEEN if services.get(status))
    if not up:
        return f"Nothing is known to be up; {missing}."
    return f"{capital(in_words(up))} of {total} services {'is' if up == 1 else 'are'} up; {missing}."


def _missing(names: Sequence[str], status: Status) -> str:
    return f"{names[0] if len(names) == 1 else _number(names)} {'is' if len(names) == 1 else 'are'} {state(status)}"
