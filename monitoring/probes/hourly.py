"""The figures of monitoring hour by hour, for the line of the last 24 hours on a dashboard: one query each, shared where it can be.

A period begins and ends with an hour; each gives one value for each of its hours, None where nothing was measured.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from monitoring.catalogue.histories import Slice, Wanted
from monitoring.catalogue.models import Service
from monitoring.probes import history
from monitoring.probes.history import Everybody
from opsconsole.lib import clock
from opsconsole.lib.histograms import quantile
from opsconsole.lib.once import once
from opsconsole.lib.periods import Period

Values = Sequence[float | None]


def uptime(period: Period) -> Values:
    return [
        100 * sum(one.up for one in slices) / measured
        if (measured := sum(one.measured for one in slices))
        else None
        for slices in _services(period)
    ]


def downtime(period: Period) -> Values:
    return [sum(one.down for one in slices) / 60 if slices else None for slices in _services(period)]


def latency_p95(period: Period) -> Values:
    return _each(period, lambda hour: quantile(hour.answers, 0.95))


def error_share(period: Period) -> Values:
    return _each(period, lambda hour: 100 * hour.runs.failed / hour.runs.asked if hour.runs.asked else None)


def _each(period: Period, value: Callable[[Everybody], float | None]) -> Values:
    found = _everybody(period)
    return [value(found[start]) if start in found else None for start in _starts(period)]


@once
def _everybody(period: Period) -> dict[int, Everybody]:
    return history.every_hour(period)


@once
def _services(period: Period) -> list[list[Slice]]:
    """What services did in each hour."""
    every = Service.objects.order_by().values_list("pk", flat=True)
    by_hour: dict[int, list[Slice]] = {start: [] for start in _starts(period)}
    for piece in history.service_history(Wanted(every, period.start, period.end, "hour")):
        by_hour[clock.epoch(piece.start)].append(piece)
    return list(by_hour.values())


def _starts(period: Period) -> range:
    hour = int(timedelta(hours=1).total_seconds())
    return range(clock.epoch(period.start), clock.epoch(period.end), hour)
