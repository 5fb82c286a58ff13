"""What alerts do by themselves."""

from datetime import datetime

from monitoring.alerts.groups import due, group_tell
from monitoring.alerts.judging import rules_judge
from monitoring.alerts.pruning import prune
from monitoring.alerts.selectors import plan
from monitoring.alerts.silencing import Inhibited
from monitoring.alerts.taking import alerts_expire
from opsconsole.lib.sweeps import each, sweep


@sweep("alerts.expire", title="End alerts that nobody speaks of any more")
def expire(now: datetime) -> int:
    return alerts_expire(now=now)


@sweep("alerts.tell", title="Tell what is new of groups of alerts")
def tell(now: datetime) -> int:
    groups, inhibited = due(now), Inhibited()
    by = plan() if groups else None
    return each(groups, lambda pk: group_tell(pk=pk, now=now, inhibited=inhibited, by=by))


@sweep("alerts.judge", title="Judge alert rules")
def judge(now: datetime) -> int:
    return rules_judge(now=now)


@sweep("alerts.prune", title="Delete old alerts")
def forget(now: datetime) -> int:
    return prune(now=now)
