"""The list: those in trouble first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.safestring import SafeString

from monitoring.catalogue.maintenance import maintained
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.selectors import Counts, counts, kept_of, unjudged
from monitoring.heartbeats.standing import Standing, standing
from opsconsole.lib.figures import counted
from opsconsole.lib.ids import id_of
from opsconsole.ui.charts import sparkline

SIZE = 100


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    beat: Heartbeat
    standing: Standing
    times: SafeString


@dataclass(frozen=True)
class HeartbeatList:
    sentence: str
    rows: list[Row]
    cursor: str
    counts: Counts


def heartbeat_list(*, text: str, after: str, now: datetime) -> HeartbeatList:
    """A hundred at a time, those in trouble first, then by name. `after` is the id of the last row of the page before."""
    found = counts(now)
    ranked = _ranked(now).filter(Q(name__icontains=text) | Q(slug__icontains=text)) if text else _ranked(now)
    if last := _ranked(now).filter(pk=id_of(after)).first():
        ranked = ranked.filter(_behind(last))
    kept = maintained(now)
    beats = list(ranked.order_by("rank", "name", "pk")[: SIZE + 1])
    rows = [Row(b, standing(b, now, kept), sparkline(b.recent_seconds)) for b in beats[:SIZE]]
    return HeartbeatList(sentence(found), rows, str(beats[SIZE - 1].pk) if len(beats) > SIZE else "", found)


def _ranked(now: datetime) -> "QuerySet[Any]":
    """In the order of catalogue.states.ORDER, with what is late behind what is down."""
    rank = Case(
        When(kept_of(maintained(now)), then=Value(4)),
        When(status=Status.DOWN, then=Value(0)),
        When(unjudged(now), then=Value(2)),
        When(status=Status.UP, expected_at__lt=now, then=Value(1)),
        When(status=Status.UNKNOWN, last_ping_at__isnull=False, then=Value(2)),
        When(status=Status.UNKNOWN, then=Value(3)),
        When(status=Status.PAUSED, then=Value(6)),
        default=Value(5),
        output_field=IntegerField(),
    )
    return Heartbeat.objects.live().select_related("service").annotate(rank=rank)


def _behind(last: Any) -> Q:
    """Rows that sort behind the last one of a page."""
    same = Q(rank=last.rank, name__gt=last.name) | Q(rank=last.rank, name=last.name, pk__gt=last.pk)
    return Q(rank__gt=last.rank) | same


def sentence(found: Counts) -> str:
    """What is true now, in a line: the worst that there is."""
    watched = found.watched
    jobs, one = counted(watched, "job"), watched == 1
    if found.down:
        return f"{found.down} of {jobs} did not run as {'it' if found.down == 1 else 'they'} should"
    if found.late:
        return f"{found.late} of {jobs} {'is' if found.late == 1 else 'are'} late, within the grace"
    if found.on_time and found.on_time < watched:
        return f"{found.on_time} of {jobs} on time, the others have not been heard"
    if found.on_time:
        return "The job is on time" if one else f"All {watched} jobs are on time"
    return _nothing_heard(found, f"{jobs} {'waits' if one else 'wait'} to be heard")


def _nothing_heard(found: Counts, waiting: str) -> str:
    if not found.total:
        return "Let your jobs say that they ran"
    if found.maintained and not found.watched:
        return (
            "The job is under maintenance"
            if found.maintained == 1
            else f"All {found.maintained} jobs are under maintenance"
        )
    paused = found.paused == found.total
    return "Every job is paused: nobody hears when one fails" if paused else waiting
