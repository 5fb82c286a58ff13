"""Writers of changes."""

from datetime import datetime, timedelta

from auditlog.context import disable_auditlog
from django.core.exceptions import ValidationError
from django.db import transaction

from monitoring.catalogue.models import Service
from monitoring.changes.models import LONGEST_DETAILS, LONGEST_SUMMARY, LONGEST_URL, Change, Kind
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.batches import delete_in_batches
from opsconsole.lib.secrets import digest

KEPT = timedelta(days=400)
AHEAD = timedelta(hours=1)
"""How far in the future a change may lie: clocks differ, plans are no changes."""


@transaction.atomic
def change_note(
    *,
    actor: User,
    summary: str,
    kind: str,
    now: datetime,
    service: Service | None = None,
    at: datetime | None = None,
    url: str = "",
    details: str = "",
) -> Change:
    """A person tells of a change. Raises ValidationError for one that lies ahead."""
    require(actor, Role.RESPONDER)
    if at and at > now + AHEAD:
        raise ValidationError({"at": "This lies ahead: note a change when it is done."})
    change = Change(kind=kind, summary=summary.strip(), service=service, author=str(actor)[:120], url=url)
    change.details, change.at, change.noted_at, change.noted_by = details, at or now, now, actor
    change.clean_fields()
    change.save()
    return change


def change_take(
    *,
    source: str,
    summary: str,
    dedup_key: str,
    now: datetime,
    at: datetime | None = None,
    kind: str = Kind.OTHER,
    service: Service | None = None,
    author: str = "",
    url: str = "",
    details: str = "",
) -> Change:
    """A system tells of a change: cut to what is kept, and nothing new when it is told again with the same key.

    A time that lies ahead, or in the time that is not kept any more, is the present: better found than lost.
    """
    told = at if at and now - KEPT < at <= now + AHEAD else now
    fields = {
        "kind": kind if kind in Kind.values else Kind.OTHER,
        "summary": summary.strip()[:LONGEST_SUMMARY] or "A change without a summary",
        "service": service,
        "source": source[:200],
        "author": author[:120],
        "url": url if url.startswith(("https://", "http://")) and len(url) <= LONGEST_URL else "",
        "details": details[:LONGEST_DETAILS],
        "at": told,
        "noted_at": now,
    }
    with disable_auditlog():  # the trail is of what people do
        return Change.objects.get_or_create(dedup_key=digest(dedup_key), defaults=fields)[0]


def change_remove(*, actor: Actor, change: Change) -> None:
    """For what was noted by mistake; the audit trail keeps that it was there."""
    require(actor, Role.RESPONDER)
    change.delete()


def changes_prune(*, now: datetime) -> int:
    """Delete what is older than is kept; the number of rows."""
    with disable_auditlog():
        return delete_in_batches(Change.objects.filter(at__lt=now - KEPT).order_by("pk"))
