"""What alerts do by themselves."""

from datetime import datetime

from monitoring.alerts.taking import alerts_expire
from opsconsole.lib.sweeps import sweep


@sweep("alerts.expire", title="End alerts that nobody speaks of any more")
def expire(now: datetime) -> int:
    return alerts_expire(now=now)
