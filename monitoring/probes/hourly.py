"""The figures of monitoring hour by hour, for the line of the last 24 hours on a dashboard: one query each, shared where it can be.

A period begins and ends with an hour; each gives one value for each of its hours, None where nothing was measured.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from monitoring.catalogue.models import Service
from monitoring.probes import history
from monitoring.probes.by_hour import services_by_hour
from monitoring.probes.history import Everybody
from opsconsole.lib import clock
from opsconsole.lib.histograms import quantile
from opsconsole.lib.once import once
from opsconsole.lib.periods import Period

Values = Sequence[float | None]


def uptime(period: Period) -> Values:
    found = _services(period)
    shares = {start: 100 * up / (up + down) for start, (up, down) in found.items()}
    return [shares.get(start) for start in _starts(period)]


def downtime(period: Period) -> Values:
    minutes = {start: down / 60 for start, (_, down) in _services(period).items()}
    return [minutes.get(start) for start in _starts(period)]


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


def _services(period: Period) -> dict[int, tuple[float, float]]:
    every = Service.objects.order_by().values_list("pk", flat=True)
    return services_by_hour(every, period)


def _starts(period: Period) -> range:
    hour = int(timedelta(hours=1).total_seconds())
    return range(clock.epoch(period.start), clock.epoch(period.end), hour)
