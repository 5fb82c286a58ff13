"""What is kept of alerts: 400 days after their end, and of a fingerprint as long as anything was heard of it.

Of a fingerprint that is still spoken of those alerts go that no word can change any more: the others say which is which.
What people planned, silences and maintenance, stays.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from monitoring.alerts.models import Alert, Group, Ledger
from monitoring.alerts.taking import among
from opsconsole.lib.batches import delete_in_batches

KEPT_FOR = timedelta(days=400)
_SIZE = 200
_SAME = {"source": OuterRef("source"), "fingerprint": OuterRef("fingerprint")}


def prune(*, now: datetime) -> int:
    """Delete what is old, a little at a time; how many fingerprints, alerts and groups."""
    before, done = now - KEPT_FOR, 0
    while some := _forget(before):
        done += some
    return done + delete_in_batches(_settled(before), size=_SIZE) + delete_in_batches(_empty(before))


@transaction.atomic
def _forget(before: datetime) -> int:
    """Some fingerprints of which nothing was heard for so long go with their alerts, at once: a word that comes after all
    finds everything or nothing."""
    lasting = Alert.objects.filter(Q(ends_at=None) | Q(ends_at__gte=before), **_SAME)
    quiet = Ledger.objects.filter(~Exists(lasting), heard_at__lt=before).order_by("heard_at")
    rows = list(quiet.select_for_update(skip_locked=True)[:_SIZE])
    if rows:
        Alert.objects.filter(among((row.source, row.fingerprint) for row in rows)).delete()
        Ledger.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _settled(before: datetime) -> QuerySet[Alert]:
    """Alerts of which no word can change anything, in groups that have told all."""
    open_ = Ledger.objects.filter(Q(sealed_at=None) | Q(sealed_at__lte=OuterRef("ends_at")), **_SAME)
    rows = Alert.objects.filter(~Exists(open_), ends_at__lt=before)
    return rows.filter(Q(group=None) | Q(group__closed_at__isnull=False)).order_by("pk")


def _empty(before: datetime) -> QuerySet[Group]:
    """Groups that were closed and of which no alert is left; their notices go with them."""
    left = Alert.objects.filter(group=OuterRef("pk"))
    return Group.objects.filter(~Exists(left), closed_at__lt=before).order_by("pk")
