"""Judge results once more that were judged already, to know again what the time between them was.

They are judged from a little earlier on, so that what waited to be confirmed at the start is known too, and beyond the end until
it is settled. Where the probe asked at another pace then, the pace is taken from the results.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

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


def spans_again(probe: Probe, start: int, end: int) -> list[Span]:
    """What the time in [start, end) was, as far as it is settled; milliseconds since 1970."""
    lead = _lead(probe)
    results = _results(probe.pk, start - lead, end + lead)
    rules = _rules(probe, [at for at, _ in results])
    pauses = _pauses(probe, start - lead)
    if probe.regions:
        spans = _of_votes(probe, results, pauses)
    else:
        spans = _spans(rules, _standing(probe, start - lead), results, pauses)
    return [
        (status, max(begin, start), min(finish, end))
        for status, begin, finish in spans
        if begin < end and start < finish
    ]


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


def _spans(rules: Rules, standing: Standing, results: Sequence[Raw], pauses: Sequence[int]) -> Iterator[Span]:
    left = list(pauses)
    for at, outcome in results:
        while left and left[0] <= at:
            left.pop(0)
            standing = Standing()
        change = judge(rules, standing, _STATUS[outcome], at)
        standing = change.standing
        yield from change.spans


def _of_votes(probe: Probe, results: Sequence[Raw], pauses: Sequence[int]) -> Iterator[Span]:
    """Results of votes do not say whether enough regions had confirmed them: its changes of state do, from when they held."""
    told = StatusChange.objects.filter(source=probe.source).order_by("id").values_list("at", "new")
    changes = [(to_ms(at), Status(new)) for at, new in told]
    own = _own(probe)
    reach = replace(own, interval=min(own.interval, EVERY)).reach
    for (at, outcome), (later, _) in pairwise(results):
        if later - at <= reach and not any(at < pause <= later for pause in pauses):
            held = next((new for since, new in reversed(changes) if since <= at), Status.UNKNOWN)
            yield _held(_STATUS[outcome], held), at, later


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
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, outcome FROM probes_result WHERE probe_id = %s AND at >= %s AND at < %s ORDER BY at",
            [probe_id, start, end],
        )
        return list(cursor.fetchall())
