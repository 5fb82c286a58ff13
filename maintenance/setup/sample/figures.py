"""Each day's measures and each week's report, made by the services that make them every night and every Monday."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from maintenance.reports.models import WeeklyReport
from maintenance.reports.services import comment_add, report_publish
from maintenance.reports.weeks import publishes_at
from maintenance.setup.sample.outages import Outage
from maintenance.setup.sample.troubles import BY_HAND
from maintenance.setup.sample.world import World
from opsconsole.lib.periods import Week
from opsconsole.measures.models import DailyValue
from opsconsole.measures.services import days_keep


def keep_days(world: World) -> None:
    _plan_anew()
    days_keep(first=world.dates[0], last=world.dates[-1], zone=world.zone, now=world.now)
    world.keep(DailyValue.objects.filter(day__range=(world.dates[0], world.dates[-1])).only("pk"))


def _plan_anew() -> None:
    """PostgreSQL knows nothing yet of the rows of this transaction, and would read whole tables for every figure and day."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            ours = connection.introspection.django_table_names(only_existing=True)
            cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, sorted(ours)))}")


def publish_weeks(world: World) -> None:
    """More than a year of them."""
    this = Week.of(world.today)
    for back in range(min(56, world.days // 7 - 1), 0, -1):
        week, monday = this.plus(-back), publishes_at(this.plus(-back), world.zone)
        if monday <= world.now:
            world.keep([report_publish(week=week, zone=world.zone, now=monday, mail=False)])


def comment(world: World, outages: Sequence[Outage]) -> None:
    """What Mia wrote beside reports when she read them: on the newest outages, and on what was opened by hand."""
    _say(world, world.now - BY_HAND, "incidents.ttr", "Half an hour went into finding the second node.")
    _say(world, world.now - BY_HAND, "", "We keep Friday afternoons free of releases from next week on.")
    for outage in [one for one in outages if one.case.improve and not one.case.job][-4:]:
        _say(world, outage.start, "monitoring.uptime", f"{outage.case.service}: {outage.case.improve}")


def _say(world: World, at: datetime, figure: str, text: str) -> None:
    """Beside the report of a week that is published, two hours after it was."""
    week = Week.of(at.astimezone(world.zone).date())
    read = publishes_at(week, world.zone) + timedelta(hours=2, minutes=20)
    if read <= world.now and WeeklyReport.objects.filter(week=str(week)).exists():
        comment_add(actor=world.people["Mia Berger"], week=week, figure=figure, text=text, now=read)


def keep_lists(world: World) -> None:
    """The days of checklists, once those are there; they were made from the days of everything else."""
    DailyValue.objects.filter(measure__startswith="checklists.").delete()
    keep_days(world)
