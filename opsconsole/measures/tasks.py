"""The sweep that keeps yesterday."""

from datetime import datetime, timedelta

from opsconsole.accounts.selectors import team
from opsconsole.lib.calendars import zone
from opsconsole.lib.sweeps import sweep
from opsconsole.measures import services

BACKFILL = timedelta(days=35)


@sweep("measures.keep_daily", title="Keep yesterday's figures")
def keep_daily(now: datetime) -> int:
    """Yesterday and what is missing of the 35 days before, in the team's zone; nothing from before there was a team."""
    found = team()
    if found is None:
        return 0
    where = zone(found.time_zone)
    yesterday = now.astimezone(where).date() - timedelta(days=1)
    began = found.created_at.astimezone(where).date()
    first = max(yesterday - BACKFILL + timedelta(days=1), began)
    return services.days_keep(first=first, last=yesterday, zone=where, now=now)
