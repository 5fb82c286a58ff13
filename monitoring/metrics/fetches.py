"""Reading sources that are due: many at once, each for itself, so that those that hang hold up none."""

import logging
import re
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from monitoring.metrics.models import Source
from monitoring.metrics.samples import BadPush, Sample, check_names, check_value
from monitoring.metrics.sources import VALUE, Kind, SourceFailed, Values, kinds
from monitoring.metrics.writing import Push, write
from opsconsole.lib import clock
from opsconsole.lib.claims import claim, held
from opsconsole.lib.secrets import SecretUnreadable

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
LONGEST_PAUSE = timedelta(hours=1)
ENDS_AFTER = 20  # seconds; then nothing more is begun, so that the sweep comes to its end
_AT_ONCE = 32


@dataclass(frozen=True)
class Read:
    """What a reading brought, or why it brought nothing."""

    samples: Sequence[Sample] = ()
    error: str = ""


Reading = dict["Future[Read]", tuple[Source, datetime]]
"""What is being read, and since when."""


def run_due(now: datetime) -> int:
    """Read every source that is due, or becomes due while slow ones are waited for; how many were read, well or not."""
    start, moment, done, reading = perf_counter(), now, 0, Reading()
    pool = ThreadPoolExecutor(_AT_ONCE, "source")
    try:
        while True:
            if moment - now < timedelta(seconds=ENDS_AFTER):
                reading |= _begin(pool, moment, _AT_ONCE - len(reading))
            if not reading:
                return done
            ended, _ = wait(reading, return_when=FIRST_COMPLETED)
            moment = now + timedelta(seconds=perf_counter() - start)
            for one in ended:
                _keep(*reading.pop(one), one.result())
            done += len(ended)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin(pool: ThreadPoolExecutor, now: datetime, room: int) -> Reading:
    due = (
        Source.objects.filter(is_paused=False, next_at__lte=now).select_related("service").order_by("next_at")
    )
    sources = claim(due, now=now, lease=LEASE, limit=room)
    return {pool.submit(_read_source, source, now): (source, now) for source in sources}


def _read_source(source: Source, now: datetime) -> Read:
    """In a thread of its own: nothing of the database."""
    kind = kinds.get(source.kind)
    if kind is None:
        return Read(error=f"This version of the console knows no source of the kind “{source.kind}”.")
    try:
        given = {**source.config, **source.secrets}
    except SecretUnreadable as error:
        return Read(error=str(error))
    return read(kind, given, metric=source.metric, unit=source.unit, now=now)


def read(kind: Kind, given: Values, *, metric: str, unit: str, now: datetime) -> Read:
    """Ask once, and name what came. Never raises."""
    try:
        found = kind.read(given, now)
        samples = [s._replace(name=metric, unit=unit or s.unit) if s.name == VALUE else s for s in found]
        for sample in samples:
            check_names(sample.name, sample.labels)
            check_value(sample.value)
    except SourceFailed as error:
        return Read(error=str(error))
    except BadPush as error:
        return Read(error=f"{str(error)[:1].upper()}{str(error)[1:]}.")
    except Exception as error:  # an answer that nobody thought of
        log.exception("a source of the kind %s could not be read", kind.name)
        return Read(
            error=f"The answer is not what was expected ({type(error).__name__}: {str(error)[:120]})."
        )
    return Read(samples)


def _keep(source: Source, now: datetime, found: Read) -> None:
    """Store what came and say when to read next; a lease that was lost keeps another's word."""
    error = found.error
    if not error:
        refusals = write([Push(found.samples, None, clock.now(), source)])
        error = " ".join(refusals)
    if error:
        failures = source.failures + 1
        held(source).update(
            failures=failures,
            last_error=error[:2000],
            next_at=now + pause(source.interval, failures),
            leased_until=None,
        )
    else:
        held(source).update(
            failures=0,
            last_error="",
            last_at=now,
            samples=len(found.samples),
            next_at=now + source.interval,
            leased_until=None,
        )


def pause(interval: timedelta, failures: int) -> timedelta:
    """Until the next attempt: the interval, twice as long with each failure, up to an hour or the interval."""
    longer: int = 1 << min(failures - 1, 12)
    return min(interval * longer, max(interval, LONGEST_PAUSE))


def metric_name(name: str) -> str:
    """“Orders today (shop)” → “orders_today_shop”."""
    stem = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "figure"
    return stem if stem[0].isalpha() else f"m_{stem}"
