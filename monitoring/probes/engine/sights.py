"""A region's results become rows: its own state and hours, and its answers in the sums of the probe. What that means is for the
vote to say."""

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db import Error, transaction

from monitoring.catalogue.states import Status
from monitoring.probes import together
from monitoring.probes.engine.afar import AfarStore, Sight
from monitoring.probes.engine.plans import Times, is_within
from monitoring.probes.engine.record import answers_keep, reach, result_of, state_of
from monitoring.probes.engine.runs import Run
from monitoring.probes.engine.store import Row
from monitoring.probes.engine.tally import Tally, out_of
from opsconsole.lib.histograms import encode, of

log = logging.getLogger(__name__)
_HOUR = 3_600_000
_PLACE = {Status.UP: 0, Status.DEGRADED: 1, Status.DOWN: 2, Status.UNKNOWN: 3}
_STATES = 10  # columns of `state_of` that a sighting has too; two of the certificate follow


def write(runs: Collection[Run], store: AfarStore, now: int) -> list[Sight]:
    """As record.write, for runs of one region; then those are told who have to act on it."""
    sights = [run for run in runs if isinstance(run, Sight)]
    if not sights:
        return []
    with transaction.atomic():
        held = store.confirm([_state(run) for run in sights])
        kept = [run for run in sights if run.sighting_id in held]
        store.add_results([(run.sighting_id, *result_of(run)[1:]) for run in kept])
        folded = store.home.folded()
        maintained = store.home.plans.between(*reach(kept, now))
        store.add_hours(hours(kept, maintained))
        tally = Tally(folded, maintained)
        for run in kept:
            tally.answer(run)
        rows = tally.rows()
        store.home.add_buckets(rows)
        together.late_add(rows)
        answers_keep(kept, store.region)
    _tell(kept, store, now)
    return kept


def _state(run: Sight) -> Row:
    state = state_of(run)
    return (*state[:_STATES], *state[_STATES + 2 : -2], run.sighting_id, run.lease)


def hours(runs: Collection[Sight], maintained: Mapping[int, Times]) -> list[Row]:
    """(sighting, start of the hour in seconds, up, degraded, down, unknown, answers, their milliseconds, runs, failures, histogram)
    each, without what was found under maintenance."""
    sums: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0] * 8)
    fast: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for run in runs:
        times = maintained.get(run.service_id, [])
        for status, start, end in out_of(times, run.change.spans if run.change else ()):
            for hour in range(start - start % _HOUR, end, _HOUR) if status in _PLACE else ():
                place = _PLACE[status]
                sums[run.sighting_id, hour // 1000][place] += min(end, hour + _HOUR) - max(start, hour)
        if not is_within(run.at, times):
            key = run.sighting_id, run.at // _HOUR * 3600
            _count(run, sums[key], fast[key])
    return [(*key, *row, encode(of(fast[key]))) for key, row in sums.items()]


def _count(run: Sight, row: list[int], fast: list[float]) -> None:
    row[6], row[7] = row[6] + 1, row[7] + (_grade(run) == Status.DOWN)
    if _is_good(run):
        row[4], row[5] = row[4] + 1, row[5] + round(run.answer.ms)
        fast.append(run.answer.ms)


def _is_good(run: Sight) -> bool:
    return (
        run.verdict is not None and run.verdict.grade in (Status.UP, Status.DEGRADED) and not run.answer.error
    )


def _tell(runs: Collection[Sight], store: AfarStore, now: int) -> None:
    """Nudges: losing one costs time and no more, since votes are counted by the clock too."""
    try:
        store.read_certificates(_certificates(runs))
        store.ring({run.probe_id for run in runs if _is_news(run)}, now)
        store.ask_others({run.probe_id for run in runs if _is_news(run) and _grade(run) == Status.DOWN}, now)
    except Error:
        log.exception("the votes of a region's news could not be asked for")


def _certificates(runs: Collection[Sight]) -> list[Row]:
    """(expires, seen, probe) of those who have read one now."""
    found = [(*state_of(run)[_STATES : _STATES + 2], run.probe_id) for run in runs]
    return [row for row, run in zip(found, runs, strict=True) if row[1] != run.certificate_seen_at]


def _grade(run: Sight) -> Status | str:
    return run.verdict.grade if run.verdict else ""


def _is_news(run: Sight) -> bool:
    """It found something else than before, or has confirmed what it found."""
    return run.standing.outcome != _grade(run) or (run.change is not None and run.change.old is not None)
