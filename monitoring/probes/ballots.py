"""Read what the regions of probes found last, and what that is worth now."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from monitoring.catalogue.states import Status
from monitoring.probes.models import Sighting
from monitoring.probes.states import Rules
from monitoring.probes.votes import Ballot
from monitoring.regions.states import AHEAD, is_silent
from opsconsole.lib.moments import from_ms, to_ms

SLACK = 8_000  # milliseconds that a result may take to be written
_AHEAD = AHEAD.total_seconds() * 1000


class Seen(NamedTuple):
    """A sighting and its region, as far as they vote."""

    probe_id: int
    region_id: str
    status: str
    last_outcome: str
    last_at: datetime | None
    begun_at: datetime
    last_ms: int | None
    last_code: int | None
    last_error: str
    region__seen_at: datetime
    region__trouble: str
    probe__certificate_expires_at: datetime | None
    probe__certificate_seen_at: datetime | None
    pk: int


def seen_of(probes: Collection[int]) -> Iterator[Seen]:
    """By region; one query."""
    rows = Sighting.objects.filter(probe__in=probes).order_by("region").values_list(*Seen._fields)
    return map(Seen._make, rows)


def ballot(seen: Seen, rules: Rules, now: int) -> Ballot:
    """What a region's last result is worth at `now`, milliseconds since 1970."""
    if why := _mute(seen, rules, now):
        waits = seen.last_at is None and 0 <= now - to_ms(seen.begun_at) <= rules.reach + SLACK
        return Ballot(seen.region_id, reason=why, waits=waits)
    return Ballot(
        seen.region_id,
        Status(seen.last_outcome),
        Status(seen.status),
        seen.last_error,
        seen.last_ms,
        seen.last_code,
    )


def _mute(seen: Seen, rules: Rules, now: int) -> str:
    """Why it has no vote; "" when it has."""
    if is_silent(seen.region__seen_at, from_ms(now)):
        return "silent"
    if seen.region__trouble:
        return seen.region__trouble
    if seen.last_at is None or not seen.last_outcome:
        return "has not answered yet"
    return "" if -_AHEAD <= now - to_ms(seen.last_at) <= rules.reach + SLACK else "has not asked in time"
