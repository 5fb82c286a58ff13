"""When regions were last heard, for /metrics."""

from collections.abc import Iterator
from datetime import datetime

from monitoring.regions.selectors import regions
from opsconsole.health.exposition import Gauge, Sample, flag, gauges


@gauges("regions")
def heard(now: datetime) -> Iterator[Gauge]:
    found = regions(now)
    yield Gauge("region_heard_timestamp_seconds", "When a region's worker last reported.", [
        Sample(one.seen_at.timestamp(), {"region": one.name}) for one in found
    ])  # fmt: skip
    yield flag("region_votes", "Whether a region can say anything of those it asks.", [
        ({"region": one.name}, not one.complaint) for one in found
    ])  # fmt: skip
