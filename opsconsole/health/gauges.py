"""How the console itself is, for /metrics."""

from collections.abc import Iterator
from datetime import datetime

from opsconsole.health.exposition import Gauge, Sample, flag, gauges
from opsconsole.health.models import Pulse, SweepRun, Switch
from opsconsole.health.selectors import database_bytes, late_sweeps, room
from opsconsole.health.watches import watches


@gauges("health")
def health(now: datetime) -> Iterator[Gauge]:
    yield from _sweeps(now)
    yield Gauge("overdue", "Rows that should have been worked on by now.", [
        Sample(watch(now).count, {"what": name}) for name, watch in watches.items()
    ])  # fmt: skip
    yield Gauge("pulse_timestamp_seconds", "When a part was last seen alive.", [
        Sample(pulse.seen_at.timestamp(), {"part": pulse.part}) for pulse in Pulse.objects.order_by("part")
    ])  # fmt: skip
    told = Switch.objects.filter(told_at__isnull=False).values_list("told_at", flat=True)
    yield Gauge("deadman_told_timestamp_seconds", "When the outside dead-man's switch last heard from us.", [
        Sample(at.timestamp()) for at in told if at
    ])  # fmt: skip
    yield Gauge("database_bytes", "Size of the database.", [Sample(database_bytes())])
    free = room()
    yield Gauge(
        "data_free_bytes",
        "Room that is left where SQLite writes.",
        [Sample(free)] if free is not None else [],
    )


def _sweeps(now: datetime) -> Iterator[Gauge]:
    runs = list(SweepRun.objects.all())
    late = {run.sweep for run in late_sweeps(now)}
    yield Gauge("sweep_finished_timestamp_seconds", "When a sweep last came to its end.", [
        Sample(run.finished_at.timestamp(), {"sweep": run.sweep}) for run in runs if run.finished_at
    ])  # fmt: skip
    yield flag("sweep_late", "Whether a sweep has missed three of its turns.", [
        ({"sweep": run.sweep}, run.sweep in late) for run in runs
    ])  # fmt: skip
