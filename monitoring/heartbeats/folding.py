"""Pings into runs and states, and silence into verdicts: the work of the sweep.

Each batch is one transaction that locks its heartbeats: killed anywhere, it leaves nothing, and the next sweep does the same
again. Two sweeps at once take different heartbeats, and one that nobody can handle holds up no other.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet

from monitoring.heartbeats import judgement
from monitoring.heartbeats.cases import Case
from monitoring.heartbeats.judgement import AGAIN, EARLY, Listening
from monitoring.heartbeats.models import Heartbeat, Ping, Run
from monitoring.heartbeats.states import OPEN
from opsconsole.accounts.selectors import team_zone
from opsconsole.health.models import Gap, Pulse
from opsconsole.lib.batches import update_each
from opsconsole.lib.sweeps import each

log = logging.getLogger(__name__)
BATCH = 300
AHEAD = timedelta(minutes=1)
"""Clocks of two machines differ by less."""
_HEARTBEAT_FIELDS = [
    "status", "status_since", "status_reason", "paused_until", "paused_by", "last_ping_at", "last_outcome", "running_since",
    "recent_seconds", "progress", "progress_seen", "counted_from", "expected_at", "due_at",
]  # fmt: skip
_RUN_FIELDS = [
    "rid",
    "started_at",
    "finished_at",
    "outcome",
    "exit_status",
    "seconds",
    "output",
    "metrics",
    "reason",
]


def pings_fold(*, now: datetime) -> int:
    """Fold everything that came; the number of pings. Raises in the end what one heartbeat failed of."""
    waiting = Ping.objects.filter(folded=False)
    senders = waiting.order_by().values_list("heartbeat_id", flat=True).distinct()
    return _batches(
        lambda: _fold_all(waiting, now), senders, lambda pk: _fold_all(waiting.filter(heartbeat=pk), now)
    )


def overdue_judge(*, now: datetime) -> int:
    """Judge every heartbeat that is due to be looked at; the number of them. Raises as above."""
    due = Heartbeat.objects.live().filter(due_at__lte=now)
    ids = due.order_by("due_at").values_list("pk", flat=True)
    return _batches(lambda: _judge_all(due, now), ids, lambda pk: _judge_all(due.filter(pk=pk), now))


def _batches(together: Callable[[], int], ids: Iterable[int], alone: Callable[[int], int]) -> int:
    """All together; where that fails, each heartbeat alone. A database that is away has nothing to do with one of them."""
    try:
        return together()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("A batch of heartbeats failed; taking each alone")
        return each(ids, alone)


def _fold_all(waiting: QuerySet[Ping], now: datetime) -> int:
    done = 0
    while waiting.exists() and (some := _fold_some(waiting.order_by("pk"), now)):
        done += some
    return done


def _judge_all(due: QuerySet[Heartbeat], now: datetime) -> int:
    done = 0
    while due.exists() and (some := _judge_some(due, now)):
        done += some
    return done


@transaction.atomic
def clock_follow(*, now: datetime) -> int:
    """Heartbeats that reported in what is now the future would never be late again: count them from now."""
    ahead = Q(counted_from__gt=now + AHEAD) | Q(running_since__gt=now + AHEAD)
    cases = _cases(_locked(Heartbeat.objects.live().filter(ahead)), set(), now)
    for case in cases.values():
        case.follow_clock()
    _keep(cases.values())
    return len(cases)


@transaction.atomic
def _fold_some(waiting: QuerySet[Ping], now: datetime) -> int:
    senders = set(waiting.values_list("heartbeat_id", flat=True)[:BATCH])
    heartbeats = _locked(Heartbeat.objects.filter(pk__in=senders))
    pings = list(waiting.filter(heartbeat_id__in=heartbeats)[:BATCH])
    cases = _cases(heartbeats, {ping.rid for ping in pings if ping.rid}, now)
    for ping in pings:
        cases[ping.heartbeat_id].tell(ping)
    _keep(cases.values())
    _mark(pings)
    return len(pings)


def _mark(pings: Sequence[Ping]) -> None:
    """Folded; most are what their address says."""
    by_meaning: dict[str, list[int]] = defaultdict(list)
    for ping in pings:
        by_meaning[ping.meant].append(ping.pk)
    for meant, ids in by_meaning.items():
        Ping.objects.filter(pk__in=ids).update(folded=True, meant=meant)


@transaction.atomic
def _judge_some(due: QuerySet[Heartbeat], now: datetime) -> int:
    heartbeats = _locked(due.order_by("due_at"))
    unheard = Ping.objects.filter(folded=False, heartbeat_id__in=heartbeats)
    later = set(unheard.values_list("heartbeat_id", flat=True))
    cases = _cases(heartbeats, set(), now)
    for pk, case in cases.items():
        if pk in later:  # what it sent meanwhile is folded first, and judged with it
            case.not_before = now + AGAIN
        else:
            case.judge()
    _keep(cases.values())
    return len(cases)


def _locked(rows: QuerySet[Heartbeat]) -> dict[int, Heartbeat]:
    """Lock them against other sweeps and people, not against pings, which only refer to them."""
    chosen = rows.select_for_update(skip_locked=True, no_key=True, of=("self",))[:BATCH]
    return {heartbeat.pk: heartbeat for heartbeat in chosen}


def _cases(heartbeats: dict[int, Heartbeat], rids: set[UUID], now: datetime) -> dict[int, Case]:
    """With each heartbeat's open runs, and those that a ping names by their run id, oldest first."""
    runs: dict[int, list[Run]] = defaultdict(list)
    wanted = Q(outcome__in=OPEN) | Q(rid__in=rids) if rids else Q(outcome__in=OPEN)
    for run in Run.objects.filter(wanted, heartbeat_id__in=heartbeats).order_by("pk"):
        runs[run.heartbeat_id].append(run)
    listening = _listening(heartbeats.values())
    return {pk: Case(heartbeat, runs[pk], listening, now) for pk, heartbeat in heartbeats.items()}


def _listening(heartbeats: Iterable[Heartbeat]) -> Listening:
    """What is known of the listener since the earliest moment that matters to these."""
    pulse = Pulse.objects.filter(part="listener").first()
    moments = [m for h in heartbeats for m in (h.counted_from, h.expected_at, h.running_since) if m]
    since = min(moments, default=None)
    gaps = Gap.objects.filter(part="listener", end__gte=since - EARLY).order_by("end") if since else ()
    known = tuple(judgement.Gap(gap.start, gap.end) for gap in gaps)
    return Listening(pulse.seen_at if pulse else None, known, team_zone())


def _keep(cases: Iterable[Case]) -> None:
    """Write what was found, each kind of row in one statement."""
    kept = list(cases)
    for case in kept:
        case.settle()
    update_each([case.heartbeat for case in kept], _HEARTBEAT_FIELDS)
    changed = [run for case in kept for run in case.changed]
    for run in changed:
        run.pk = None  # the ping that opened it is its identity
    Run.objects.bulk_create(run for run in changed if run.opened_by is None)
    Run.objects.bulk_create(
        (run for run in changed if run.opened_by is not None),
        update_conflicts=True,
        unique_fields=["opened_by"],
        update_fields=_RUN_FIELDS,
    )
