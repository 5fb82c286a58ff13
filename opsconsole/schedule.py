"""The one table of periodic work: which sweep runs how often. It is synced into django-celery-beat at every start.

A nudge runs a sweep sooner; the interval is how long a row waits when the nudge was lost.
"""

import json
from datetime import timedelta

from django.db import transaction
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from opsconsole.health.services import sweeps_announce
from opsconsole.lib import clock

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

TABLE: dict[str, timedelta] = {
    "alerts.expire": 15 * SECOND,
    "changes.prune": HOUR,
    "alerts.judge": 15 * SECOND,
    "alerts.prune": 24 * HOUR,
    "alerts.tell": 5 * SECOND,
    "checklists.open_due": 30 * SECOND,
    "checklists.refresh": 5 * MINUTE,
    "checklists.missed": MINUTE,
    "heartbeats.fold_and_judge": 2 * SECOND,
    "heartbeats.follow_clock": MINUTE,
    "heartbeats.prune": HOUR,
    "inbound.read": 5 * SECOND,
    "inbound.prune": HOUR,
    "inmail.sort": 5 * SECOND,
    "inmail.prune": HOUR,
    "outbox.deliveries_send": 5 * SECOND,
    "outbox.deliveries_prune": HOUR,
    "accounts.tidy": 24 * HOUR,
    "measures.keep_daily": 15 * MINUTE,
    "metrics.fold": MINUTE,
    "metrics.prune": HOUR,
    "metrics.read_sources": 10 * SECOND,
    "health.audit": MINUTE,
    "probes.run_due": MINUTE,
    "postmortems.create_missing": MINUTE,
    "postmortems.remind": 5 * MINUTE,
    "probes.fold": MINUTE,
    "probes.recount": MINUTE,
    "probes.prune": HOUR,
    "probes.notify": 5 * MINUTE,
    "response.changes_consume": 5 * SECOND,
    "response.notices_consume": 5 * SECOND,
    "response.clocks": 15 * SECOND,
    "response.pages_settle": 5 * SECOND,
    "reports.publish_due": 5 * MINUTE,
    "reports.recompute": 30 * MINUTE,
}

TASK = "opsconsole.sweep"


def _interval(seconds: int) -> IntervalSchedule:
    """No constraint keeps two processes that start at once from writing the same: the first of them does."""
    wanted = {"every": seconds, "period": IntervalSchedule.SECONDS}
    first: IntervalSchedule | None = IntervalSchedule.objects.filter(**wanted).order_by("pk").first()
    return first or IntervalSchedule.objects.create(**wanted)


@transaction.atomic
def sync() -> None:
    """Bring beat's rows in line with the table. A task that an operator switched off stays off; unknown ones of ours go."""
    PeriodicTask.objects.filter(task=TASK).exclude(name__in=TABLE).delete()
    for name, every in TABLE.items():
        fields = {
            "task": TASK,
            "interval": _interval(int(every.total_seconds())),
            "args": json.dumps([name]),
            # A sweep that nobody took in time is worth nothing: the next one does all.
            "expire_seconds": max(10, int(every.total_seconds())),
        }
        # A new one is due at once: a daily sweep would else be late for a day.
        first = {"last_run_at": clock.now() - every}
        PeriodicTask.objects.update_or_create(name=name, defaults=fields, create_defaults=fields | first)
    sweeps_announce(table=TABLE)
