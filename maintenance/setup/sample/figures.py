"""Each day's measures and each week's report, made by the services that make them every night and every Monday."""

from maintenance.reports.services import report_publish
from maintenance.reports.weeks import publishes_at
from maintenance.setup.sample.world import World
from opsconsole.lib.periods import Week
from opsconsole.measures.models import DailyValue
from opsconsole.measures.services import days_keep


def keep_days(world: World) -> None:
    days_keep(first=world.dates[0], last=world.dates[-1], zone=world.zone, now=world.now)
    world.keep(DailyValue.objects.filter(day__range=(world.dates[0], world.dates[-1])).only("pk"))


def publish_weeks(world: World, count: int = 56) -> None:
    this = Week.of(world.now.astimezone(world.zone).date())
    for back in range(min(count, world.days // 7 - 1), 0, -1):
        week = this.plus(-back)
        if world.now < publishes_at(week, world.zone):
            continue
        monday = publishes_at(week, world.zone)
        world.keep([report_publish(week=week, zone=world.zone, now=monday, mail=False)])


def keep_lists(world: World) -> None:
    """The days of checklists, once those are there; they were made from the days of everything else."""
    DailyValue.objects.filter(measure__startswith="checklists.").delete()
    keep_days(world)
