"""What the engine makes of results that a test gives."""

from datetime import datetime, timedelta

from monitoring.catalogue.states import Status
from monitoring.probes.engine.record import write
from monitoring.probes.engine.store import Store, store
from monitoring.probes.kinds import Answer, Verdict
from monitoring.probes.models import Bucket, Fold, Probe, Size
from monitoring.probes.states import judge
from opsconsole.lib.histograms import decode
from opsconsole.lib.moments import to_ms

GRADES = {"u": Status.UP, "s": Status.DEGRADED, "d": Status.DOWN, "?": Status.UNKNOWN}
TIMES = ("up", "degraded", "down", "unknown", "maintenance")
ANSWERS = ("runs", "failures", "latency")


def asked(
    probe: Probe, letters: str, start: datetime, *, every: float = 30, engine: Store | None = None
) -> datetime:
    """A result a letter (“.” for none), each tenth as fast as the first, and when the next would be."""
    engine, step = engine or store(), timedelta(seconds=every)
    for n, letter in enumerate(letters):
        if letter in GRADES:
            _ask(probe, GRADES[letter], start + n * step, engine, 100 + n % 10 * 40)
    return start + len(letters) * step


def _ask(probe: Probe, grade: Status, at: datetime, engine: Store, ms: int) -> None:
    Probe.objects.update(next_at=None)
    Probe.objects.filter(pk=probe.pk).update(next_at=at, leased_until=None)
    (run,) = engine.claim(now=to_ms(at), horizon=to_ms(at), limit=1)
    run.at, run.verdict, run.answer = to_ms(at), Verdict(grade), Answer(ms=ms, first_byte=ms / 2)
    run.change = judge(run.rules, run.standing, grade, run.at)
    write([run], engine, to_ms(at))


def seconds(probe: Probe, *, size: int = 60) -> dict[str, float]:
    """Of buckets of one size; states of which there is nothing are absent."""
    rows = list(Bucket.objects.filter(probe_id=probe.pk, size=size))
    sums = {name: sum(getattr(row, name) for row in rows) / 1000 for name in TIMES}
    return {name: total for name, total in sums.items() if total}


def buckets(probe: Probe) -> set[tuple[object, ...]]:
    """What all buckets hold that count and hold any: minutes do until they are folded."""
    mark = Fold.objects.filter(size=Size.HOUR).values_list("until", flat=True).first() or 0
    rows = Bucket.objects.filter(probe_id=probe.pk).exclude(size=Size.MINUTE, start__lt=mark)
    found = rows.values_list("size", "start", *TIMES, *ANSWERS, "histogram")
    return {(*row[:-1], frozenset(decode(row[-1]).items())) for row in found if any(row[2:])}
