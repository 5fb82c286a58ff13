"""Load the sample company, all or nothing; and take it out again."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from auditlog.context import disable_auditlog
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from incidents.response.models import Incident, Sequence
from maintenance.setup.models import SampleRow
from maintenance.setup.sample import (
    alarms,
    boards,
    bugs,
    company,
    figures,
    gaps,
    jobs,
    lists,
    messages,
    metering,
    outages,
    outside,
    releases,
    reviews,
    senders,
    series,
    troubles,
)
from maintenance.setup.sample.world import World
from monitoring.catalogue.models import Service
from monitoring.metrics.models import Bucket as Roll
from monitoring.metrics.models import Stale
from monitoring.probes import together
from monitoring.probes.models import Bucket, Fold, Probe, Result
from opsconsole.accounts.selectors import team_zone

Say = Callable[[str], object]


@transaction.atomic
def sample_load(*, now: datetime, seed: int, days: int, say: Say) -> World:
    """Raises ValidationError when this console already watches something, so that sample and real never mix."""
    if Service.objects.exists():
        raise ValidationError(
            "This console watches services already; load the sample into a folder of its own: make demo DATA=./demo"
        )
    world = World(now.replace(microsecond=0), days, Random(seed), team_zone(), seed=seed)  # noqa: S311 — dice, not secrets
    with disable_auditlog():  # the trail tells what people did here, and these are nobody
        _tell(world, say)
    return world


def _tell(world: World, say: Say) -> None:
    company.build(world)
    drawn = outages.draw(world)
    spells = outages.spells(world, drawn)
    say(f"{len(world.services)} services, {len(drawn)} troubles over {world.days} days")
    series.write(world, drawn, spells)
    outside.write(world)
    together.make()
    jobs.write(world, drawn)
    gaps.write(world, spells)
    say("probe results and job runs")
    senders_of, leak = senders.integrations_make(world), next(one for one in spells if one.leaks)
    changes = releases.draw(world, drawn, (leak.start, leak.end))
    world.rules = alarms.rules_make(world)
    metering.write(world, drawn, spells, releases.moments(changes))
    releases.write(world, changes, senders_of[senders.CI])
    bugs.write(world, senders_of[senders.ERRORS], changes)
    senders.windows_make(world, spells)
    boards.make(world)
    say("metrics and changes")
    incidents = troubles.write(world, drawn, spells, senders.stories(world, senders_of))
    alarms.keep(world, senders_of)
    messages.deliver(world)
    messages.accept(world)
    say("incidents and their messages")
    reviews.write(world, incidents)
    say("postmortems")
    figures.keep_days(world)
    say("figures of every day")
    lists.write(world, drawn)
    figures.keep_lists(world)
    say("checklists")
    figures.publish_weeks(world)
    figures.comment(world, drawn)
    messages.close(world)
    say("weekly reports")


@transaction.atomic
def sample_remove() -> int:
    """How many of its rows were taken out; 0 when there is no sample."""
    with disable_auditlog():
        removed = _measured()
        newest = SampleRow.objects.values("model").annotate(last=Max("pk")).order_by("-last")
        for label in newest.values_list("model", flat=True):
            keys = list(SampleRow.objects.filter(model=label).values_list("key", flat=True))
            rows = apps.get_model(label)._base_manager.filter(pk__in=keys)
            removed += rows.delete()[0]
        SampleRow.objects.all().delete()
        _begin_anew()
    return removed


def _begin_anew() -> None:
    """Where nothing else is left, incidents are counted from one again, and what was measured from the first bucket."""
    if not Incident.objects.exists():
        Sequence.objects.all().delete()
    if not Bucket.objects.exists():
        Fold.objects.all().delete()
        together.make()


def _measured() -> int:
    """What hangs on probes without a constraint, since those tables are written thousands of times a minute."""
    ours = SampleRow.objects.filter(model="catalogue.service").values_list("key", flat=True)
    probes = list(Probe.objects.filter(service__in=[int(key) for key in ours]).values_list("pk", flat=True))
    hours = sum(_hours(probe) for probe in probes)
    tables = (Result, Bucket)
    gone = sum(table._default_manager.filter(probe__in=probes).delete()[0] for table in tables)
    return hours + gone + _metered()


def _metered() -> int:
    """The same of series of metrics."""
    ours = SampleRow.objects.filter(model="metrics.series").values_list("key", flat=True)
    series, tables = [int(key) for key in ours], (Roll, Stale)
    return sum(table._default_manager.filter(series__in=series).delete()[0] for table in tables)


def _hours(probe: int) -> int:
    gone = 0
    while some := together.hours_forget(probe, 2000):
        gone += some
    return gone
