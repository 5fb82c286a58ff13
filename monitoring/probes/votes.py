"""What the regions of a probe say together. Pure rules.

A region says `down` once enough failures in a row have confirmed it there; until then that is what it last found, no more. The
probe is down when as many regions as are needed say so. One that is silent, that reaches nothing itself or that cannot tell
has no vote; when fewer are left than are needed, nobody can know, and the probe is unknown.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from statistics import median_low

from monitoring.catalogue.states import Status
from opsconsole.lib.phrases import listed

EVERY = 60_000
"""Milliseconds between two counts at the most: regions fall silent and come back while nobody asks."""
_PASSES = (Status.UP, Status.DEGRADED)
_SHOWN = 3  # regions that a reason names


@dataclass(frozen=True, slots=True)
class Quorum:
    """Where a probe is asked from regions: how many of them must say so. It stands in the place of a target: nothing is asked."""

    needed: int
    host: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one region says: `last` it found, and what it has `confirmed`; both unknown where it has no vote, for a `reason`.

    `waits`: it was asked only now for the first time and may answer any moment. `ms` and `code` are of its last answer.
    """

    region: str
    last: Status = Status.UNKNOWN
    confirmed: Status = Status.UNKNOWN
    reason: str = ""
    ms: int | None = None
    code: int | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The grade of what they found last, whether what they have confirmed comes to the same (`sure`), and why in words."""

    grade: Status
    sure: bool
    reason: str = ""
    ms: int | None = None
    code: int | None = None


def majority(regions: int) -> int:
    return regions // 2 + 1


def grade(said: Iterable[Status], needed: int) -> Status:
    """`needed` of those who can tell say down: down. Slow counts what is down too. Too few who can tell: unknown."""
    found = Counter(said)
    downs, slow = found[Status.DOWN], found[Status.DEGRADED]
    if downs >= needed:
        return Status.DOWN
    if downs + slow + found[Status.UP] < needed:
        return Status.UNKNOWN
    return Status.DEGRADED if downs + slow >= needed else Status.UP


def outcome(ballots: Collection[Ballot], needed: int) -> Outcome:
    """What comes of a vote. Nobody is called unknown while a region that was only now chosen has yet to answer."""
    found = grade((one.last for one in ballots), needed)
    sure = found == grade((one.confirmed for one in ballots), needed)
    if found == Status.UNKNOWN and any(one.waits for one in ballots):
        sure = False
    good = sorted(one.ms for one in ballots if one.last in _PASSES and one.ms is not None)
    codes = Counter(one.code for one in ballots if one.last == found and one.code)
    return Outcome(
        found,
        sure,
        _reason(ballots, found, needed),
        median_low(good) if good else None,
        codes.most_common(1)[0][0] if codes else None,
    )


def _reason(ballots: Collection[Ballot], found: Status, needed: int) -> str:
    if found == Status.UNKNOWN:
        return _too_few(ballots, needed)
    if found == Status.UP:
        return _otherwise(
            [one for one in ballots if one.last not in (Status.UP, Status.UNKNOWN)], len(ballots)
        )
    bad = [one for one in ballots if one.last in (Status.DOWN, found)]
    return f"{len(bad)} of {len(ballots)} regions say so, {_named(bad)}"


def _too_few(ballots: Collection[Ballot], needed: int) -> str:
    mute = [one for one in ballots if one.last == Status.UNKNOWN]
    can = len(ballots) - len(mute)
    return f"{can or 'None'} of {len(ballots)} regions can tell, and {needed} are needed: {_named(mute)}"


def _otherwise(others: Collection[Ballot], of: int) -> str:
    """It is up, and yet some region found something else."""
    if not others:
        return ""
    verb = "says" if len(others) == 1 else "say"
    return f"{len(others)} of {of} regions {verb} otherwise, {_named(others)}"


def _named(ballots: Collection[Ballot]) -> str:
    """Each with its reason; a common one once, at the end."""
    reasons = {one.reason.rstrip(".") for one in ballots}
    if len(reasons) == 1 and len(ballots) > 1:
        why = reasons.pop()
        return listed((one.region for one in ballots), _SHOWN) + (f": {why}" if why else "")
    return listed((_with_reason(one) for one in ballots), _SHOWN)


def _with_reason(one: Ballot) -> str:
    return f"{one.region} ({one.reason.rstrip('.')})" if one.reason else one.region
