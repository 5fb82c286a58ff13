# ruff: noqa: S608 — only constants are put into statements; every value is bound
"""Judge results once more that were judged already, to know again what the time between them was.

They are judged from a little earlier on, so that what waited to be confirmed at the start is known too, and beyond the end until
it is settled. Where the probe asked at another pace then, the pace is taken from the results.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from django.db import connection

from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.states import Status
from monitoring.probes.models import Probe
from monitoring.probes.states import CODES, Rules, Span, Standing, judge
from monitoring.probes.votes import EVERY
from opsconsole.lib.moments import from_ms, to_ms

_STATUS = {code: status for status, code in CODES.items()}
_FEW = 3
_ANOTHER = 0.2  # by which the pace of the results differs from the probe's
Raw = tuple[int, int]
"""When it was asked, in milliseconds since 1970, and what that gave (states.CODES)."""


class Again(NamedTuple):
    """What time was, and the gaps between results in which nobody asked; milliseconds since 1970."""

    spans: list[Span]
    unseen: list[tuple[int, int]]


def spans_again(probe: Probe, start: int, end: int) -> Again:
    """Of the time in [start, end), as far as it is settled."""
    lead = _lead(probe)
    results = _results(probe.pk, start - lead, end + lead)
    begin = min([start - lead, *(at for at, _ in results[:1])])
    pauses = _pauses(probe, begin)
    if probe.regions:
        found = _of_votes(probe, results, pauses)
    else:
        found = _judged(_rules(probe, [at for at, _ in results]), _standing(probe, begin), results, pauses)
    return Again(
        [(what, max(a, start), min(b, end)) for what, a, b in found.spans if a < end and start < b],
        [(max(a, start), min(b, end)) for a, b in found.unseen if a < end and start < b],
    )


def _lead(probe: Probe) -> int:
    """Long enough for everything to be confirmed or disproved."""
    return (max(probe.failure_threshold, probe.recovery_threshold) + 2) * _own(probe).reach


def _own(probe: Probe) -> Rules:
    return Rules(
        probe.interval * 1000,
        probe.retry_interval * 1000,
        probe.timeout * 1000,
        probe.failure_threshold,
        probe.recovery_threshold,
    )


def _rules(probe: Probe, times: Sequence[int]) -> Rules:
    own, apart = _own(probe), [later - at for at, later in pairwise(times)]
    if len(apart) < _FEW or abs((pace := round(median(apart))) - own.interval) <= _ANOTHER * own.interval:
        return own
    return replace(own, interval=pace)


def _judged(rules: Rules, standing: Standing, results: Sequence[Raw], pauses: Sequence[int]) -> Again:
    left, found = list(pauses), Again([], [])
    for at, outcome in results:
        while left and left[0] <= at:
            left.pop(0)
            standing = Standing()
        change = judge(rules, standing, _STATUS[outcome], at)
        standing = change.standing
        found.spans.extend(change.spans)
        found.unseen.extend([change.unseen] if change.unseen else [])
    return found


def _of_votes(probe: Probe, results: Sequence[Raw], pauses: Sequence[int]) -> Again:
    """Results of votes do not say whether enough regions had confirmed them: its changes of state do, from when they held."""
    told = StatusChange.objects.filter(source=probe.source).order_by("id").values_list("at", "new")
    changes = [(to_ms(at), Status(new)) for at, new in told]
    own = _own(probe)
    reach = replace(own, interval=min(own.interval, EVERY)).reach
    found = Again([], [])
    for (at, outcome), (later, _) in pairwise(results):
        if any(at < pause <= later for pause in pauses):
            continue
        if later - at > reach:
            found.unseen.append((at, later))
            continue
        held = next((new for since, new in reversed(changes) if since <= at), Status.UNKNOWN)
        found.spans.append((_held(_STATUS[outcome], held), at, later))
    return found


def _held(found: Status, status: Status) -> Status:
    """What the time after a vote was: up and down hold once they are confirmed, until then what was before."""
    if found == Status.UNKNOWN:
        return found
    if status == Status.DOWN:
        return Status.DOWN
    return Status.UP if found == Status.DOWN else found


def _standing(probe: Probe, at: int) -> Standing:
    """As it was known at a moment; nothing of single results."""
    told = (
        StatusChange.objects.filter(source=probe.source, noticed_at__lte=from_ms(at)).order_by("-id").first()
    )
    status = Status(told.new) if told else Status.UNKNOWN
    return Standing(Status.UNKNOWN if status == Status.PAUSED else status)


def _pauses(probe: Probe, start: int) -> list[int]:
    """When evidence was forgotten."""
    found = StatusChange.objects.filter(source=probe.source, new=Status.PAUSED, at__gte=from_ms(start))
    return [to_ms(at) for at in found.order_by("at").values_list("at", flat=True)]


def _results(probe_id: int, start: int, end: int) -> list[Raw]:
    """With the last one before and the first one after, so that gaps show from end to end."""
    before = "(SELECT MAX(at) FROM probes_result WHERE probe_id = %s AND at < %s)"
    after = "(SELECT MIN(at) FROM probes_result WHERE probe_id = %s AND at >= %s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT at, outcome FROM probes_result WHERE probe_id = %s AND at >= COALESCE({before}, %s)"
            f" AND at <= COALESCE({after}, %s) ORDER BY at",
            [probe_id, probe_id, start, start, probe_id, end, end],
        )
        return list(cursor.fetchall())
