"""A probe as each of its regions sees it, for its page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring.catalogue.selectors import lowered
from monitoring.catalogue.sentences import state
from monitoring.catalogue.states import TONES, Status
from monitoring.probes.ballots import Seen, ballot, seen_of
from monitoring.probes.models import Probe, SightingHour
from monitoring.probes.states import Rules
from monitoring.probes.votes import Ballot
from opsconsole.lib.clock import epoch
from opsconsole.lib.histograms import merge, quantile
from opsconsole.lib.moments import to_ms
from opsconsole.lib.phrases import capital, listed

DAY = timedelta(hours=24)


@dataclass(frozen=True)
class RegionRow:
    """What a region says now, what it found last, and how that was over the last 24 hours (None where nothing was measured).

    `uptime` is a share of what was measured, `half` and `most` are milliseconds that so many good answers (95 of 100) did not exceed,
    `failing` is the share of runs that failed. Nothing of it is of maintenance.
    """

    name: str
    status: Status
    word: str
    said: str
    at: datetime | None
    ms: int | None
    votes: bool
    uptime: float | None
    half: float | None
    most: float | None
    failing: float | None

    @property
    def tone(self) -> str:
        return TONES[self.status]


def region_rows(probe: Probe, now: datetime) -> list[RegionRow]:
    """By name, none for a probe that is asked from here; two queries."""
    if not probe.regions:
        return []
    seen, rules = list(seen_of([probe.pk])), rules_of(probe)
    days = _days([one.pk for one in seen], now)
    return [_row(one, ballot(one, rules, to_ms(now)), days.get(one.pk), probe) for one in seen]


def votes_said(probe: Probe, rows: list[RegionRow]) -> str:
    """Who decides now, where not everybody does or one alone can keep everybody from it; "" otherwise."""
    mute = [row.name for row in rows if not row.votes]
    if probe.is_paused or not rows:
        return ""
    if not mute:
        alone = len(rows) == probe.needed == 2
        return f"With two, the silence of either leaves it not measured: {_ADVICE}" if alone else ""
    left = [row.name for row in rows if row.votes]
    said = f"{listed(mute)} {'has' if len(mute) == 1 else 'have'} no vote now"
    if len(left) < probe.needed:
        return f"{said}, and too few are left to tell."
    return f"{said}: {listed(left)} {'decides' if len(left) == 1 else 'decide'}."


_ADVICE = "choose a third, or let one suffice."


def rules_of(probe: Probe) -> Rules:
    spans = (probe.interval * 1000, probe.retry_interval * 1000, probe.timeout * 1000)
    return Rules(*spans, probe.failure_threshold, probe.recovery_threshold)


Day = tuple[float | None, float | None, float | None, float | None]
"""As the last four of a RegionRow."""


def _days(sightings: list[int], now: datetime) -> dict[int, Day]:
    rows = SightingHour.objects.filter(sighting__in=sightings, start__gte=epoch(now - DAY) // 3600 * 3600)
    hours: dict[int, list[SightingHour]] = {}
    for row in rows:
        hours.setdefault(row.sighting_id, []).append(row)
    return {pk: _day(found) for pk, found in hours.items()}


def _day(hours: list[SightingHour]) -> Day:
    good, bad = sum(one.up + one.degraded for one in hours), sum(one.down for one in hours)
    answers = merge(one.histogram for one in hours)
    failing = _share(sum(one.failures for one in hours), sum(one.runs for one in hours))
    return _share(good, good + bad), quantile(answers, 0.5), quantile(answers, 0.95), failing


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _row(seen: Seen, vote: Ballot, day: Day | None, probe: Probe) -> RegionRow:
    status = Status.PAUSED if probe.is_paused else vote.confirmed
    said, votes = "" if probe.is_paused else _said(vote), vote.last != Status.UNKNOWN
    now = (seen.region_id, status, str(status.label), said, seen.last_at, seen.last_ms, votes)
    return RegionRow(*now, *(day or (None, None, None, None)))


def _said(vote: Ballot) -> str:
    """Why it has no vote or is not well, and that it is not confirmed yet."""
    if vote.last != vote.confirmed:
        return f"Pending: {lowered(vote.reason) or f'it is {state(vote.last)}'}"
    return capital(vote.reason)
