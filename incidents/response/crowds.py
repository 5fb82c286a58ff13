"""Very many changes of state: those that only add to incidents that are live are handled together, in few statements.

So what waits for the database beside it, a message that is to go out before all else, gets its turn.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from incidents.response.consuming import change_consume, severity_seen
from incidents.response.evidence import change_line, incident_raise, incident_recover, joined_line
from incidents.response.finding import is_over
from incidents.response.leaving import left_watch
from incidents.response.models import Incident
from incidents.response.outlook import STORMY, Outlook, Place
from incidents.response.selectors import signals_of
from incidents.response.storms import storm_call
from incidents.response.writing import keep, locked, sequence_locked, tell_all
from monitoring.catalogue import states as watched
from monitoring.catalogue.models import StatusChange, Tier
from opsconsole.lib.sweeps import each

log = logging.getLogger(__name__)
AT_ONCE = 100
Placed = tuple[StatusChange, Place]


def changes_handle(ids: Sequence[int], now: datetime) -> int:
    """Handle changes in their order, and as many together as are alike. How many that were."""
    together = 0

    def alone() -> Iterator[int]:
        nonlocal together
        ahead = list(ids)
        while ahead:
            handled, gone = _crowd(ahead[:AT_ONCE], now)
            together += handled
            if not gone:
                yield ahead[0]
            ahead = [pk for pk in ahead if pk not in gone] if gone else ahead[1:]

    return each(alone(), lambda pk: change_consume(pk=pk, now=now)) + together


def _crowd(ids: Sequence[int], now: datetime) -> tuple[int, Collection[int]]:
    """What cannot be written together is handled one by one, so that one change that is broken stops no other."""
    try:
        return crowd_consume(ids=ids, now=now) if len(ids) > 1 else (0, ())
    except Exception:
        log.exception("%s changes could not be handled together", len(ids))
        return 0, ()


@transaction.atomic
def crowd_consume(*, ids: Sequence[int], now: datetime) -> tuple[int, Collection[int]]:
    """Handle the first of them, up to one that stands alone. How many, and the ids of all that wait no more."""
    rows = StatusChange.objects.filter(pk__in=ids, handled_at=None).select_related("service").order_by("pk")
    changes = list(rows.select_for_update(of=("self",)))
    gone = set(ids) - {change.pk for change in changes}
    if not changes:
        return 0, gone
    sequence_locked()  # before any incident, as everywhere
    placed = Outlook(changes, now).places(changes)
    for row, some in _by_incident(placed).items():
        _take_in(row, some, now)
    done = [change.pk for change, _ in placed]
    StatusChange.objects.filter(pk__in=done).update(handled_at=now)
    return len(done), gone.union(done)


def _by_incident(placed: Sequence[Placed]) -> dict[Incident, list[Placed]]:
    found: dict[Incident, list[Placed]] = defaultdict(list)
    for change, place in placed:
        if place.row:
            found[place.row].append((change, place))
    return found


def _take_in(row: Incident, placed: Sequence[Placed], now: datetime) -> None:
    """Lines, services and severity first; then what follows of all of them."""
    joined = [(change, place.because) for change, place in placed if place.because]
    tell_all(change_line(row, change) for change, _ in placed)
    tell_all(joined_line(row, change, because, now) for change, because in joined)
    row.affected.add(*{change.service_id for change, _ in joined})
    keep(row)
    row = _raise(row, [change for change, _ in placed if change.new == watched.Status.DOWN], now)
    if stormy := [change for change, because in joined if because == STORMY]:
        storm_call(row, f"{stormy[0].title} failed too", now)
    if ends := [change.at for change, _ in placed if change.new == watched.Status.UP]:
        _ends(row, max(ends), now)


def _raise(row: Incident, failed: Sequence[StatusChange], now: datetime) -> Incident:
    """By the worst of what failed. The row as it is then."""
    critical = {change.service_id for change in failed if change.service.tier == Tier.CRITICAL}
    signals = signals_of(critical)
    levels = {change: severity_seen(change.service, signals) for change in failed}
    if not levels:
        return row
    worst = min(failed, key=lambda change: levels[change])
    incident_raise(row, levels[worst], now, why=f"{worst.title} failed too")
    return locked(row)


def _ends(row: Incident, at: datetime, now: datetime) -> None:
    if not row.mitigated_at and is_over(row):
        incident_recover(row, min(max(at, row.detected_at), now), now)
    else:
        left_watch(row, now)
        keep(row)
