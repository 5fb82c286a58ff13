"""What is true now, as the heading of a page says it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from monitoring.catalogue.selectors import Standing
from monitoring.catalogue.states import Status
from opsconsole.lib.phrases import listed
from opsconsole.ui.templatetags.ui import clock

_STATES = {
    Status.UP: "up",
    Status.DEGRADED: "degraded",
    Status.DOWN: "down",
    Status.UNKNOWN: "not measured",
    Status.MAINTENANCE: "under maintenance",
    Status.PAUSED: "paused",
}
_TROUBLE = (Status.DOWN, Status.DEGRADED, Status.UNKNOWN, Status.MAINTENANCE, Status.PAUSED)


def state(status: str) -> str:
    """“degraded”, “not measured”: after “is”."""
    return _STATES[Status(status)]


def of_services(standings: Sequence[Standing]) -> SafeString:
    """“11 of 12 services are up; Payments is degraded since 08:31 CET.”"""
    watched = [s for s in standings if s.signals]
    up = sum(s.status == Status.UP for s in watched)
    if not watched:
        return SafeString("No service is watched yet.")
    if len(watched) == 1:
        return of_service(watched[0])
    if up == len(watched):
        return SafeString(f"All {up} services are up.")
    parts = [part for status in _TROUBLE if (part := _part(status, watched))]
    return format_html(
        "{} of {} services {} up; {}.", up, len(watched), "is" if up == 1 else "are", _listed(parts)
    )


def of_service(standing: Standing) -> SafeString:
    """“Payments is degraded since 08:31 CET.” Why stands below it."""
    name = standing.service.name
    if not standing.signals:
        return format_html("{} is not watched yet.", name)
    if standing.is_new:
        return format_html("{} has no result yet.", name)
    return format_html("{} is {}{}.", name, state(standing.status), since(standing.since))


def since(moment: datetime | None) -> SafeString:
    return format_html(" since {}", clock(moment, "since")) if moment else SafeString("")


def _part(status: Status, standings: Sequence[Standing]) -> SafeString | None:
    """“Payments is degraded since 08:31 CET”, “Payments, API and 3 more are degraded”."""
    found = [s for s in standings if s.status == status]
    if not found:
        return None
    if len(found) == 1:
        return format_html("{} is {}{}", found[0].service.name, state(status), since(found[0].since))
    return format_html("{} are {}", listed([s.service.name for s in found], 2), state(status))


def _listed(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("; ", "{}", ((part,) for part in parts))
