"""Targets that pass, and pages that arrive or do not: what the sweeps write."""

from datetime import datetime, timedelta

from django.db import transaction

from incidents.response.evidence import incident_settle
from incidents.response.leaving import left_tell
from incidents.response.models import CALLS, Incident, Page, PageReason
from incidents.response.paging import page_out
from incidents.response.states import Clock, clocks
from incidents.response.writing import keep, tell
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.durations import words
from opsconsole.outbox.models import DeliveryStatus

_WHAT = {"acknowledge": "Not acknowledged yet", "resolve": "Not resolved yet", "update": "No update"}
_BATCH = 200


def due(now: datetime) -> list[int]:
    """Ids of incidents whose next clock has run out."""
    rows = Incident.objects.filter(look_at__lte=now).order_by("look_at")
    return list(rows.values_list("pk", flat=True)[:_BATCH])


@transaction.atomic
def clocks_look(*, pk: int, now: datetime) -> bool:
    """Say each missed target once, what did not come back, and believe a calm recovery. Whether there was anything to do."""
    row = Incident.objects.filter(pk=pk, look_at__lte=now).select_related("service").select_for_update(of=("self",)).first()  # fmt: skip
    if row is None:
        return False
    for clock in clocks(row):
        if clock.is_running() and clock.is_late(now):
            _missed(row, clock, now)
    if row.left_at and row.left_at <= now:
        left_tell(row, now)
    if row.calm_at and row.calm_at <= now:
        incident_settle(row, now)
    else:
        keep(row, after=now)
    return True


def _missed(row: Incident, clock: Clock, now: datetime) -> None:
    key = f"{clock.name}:{int(clock.due_at.timestamp())}"
    target = words(clock.target)
    if tell(row, "clock", SYSTEM, clock.due_at, key=key, what=clock.name, target=target):
        event = f"incident.overdue:{row.pk}:{key}"
        within = (
            "it wants one every {}." if clock.name == "update" else "it was due within {} of its opening."
        )
        detail = f"As {row.get_severity_display()} {within.format(target)}"
        soon = now + timedelta(hours=1)
        page_out(
            row,
            PageReason.REMINDER,
            event=event,
            now=now,
            expires_at=soon,
            what=_WHAT[clock.name],
            detail=detail,
        )


def unsettled() -> list[Page]:
    """Pages whose delivery has come to an end that is not yet written here."""
    waiting = Page.objects.filter(outcome=DeliveryStatus.WAITING).exclude(
        delivery__status=DeliveryStatus.WAITING
    )
    return list(waiting.select_related("delivery", "incident").order_by("pk")[:_BATCH])


@transaction.atomic
def page_settle(*, page: Page, now: datetime) -> bool:
    """Copy how a page fared; the first page that a provider accepted starts the clock of MTTA."""
    delivery = page.delivery
    outcome = delivery.status if delivery else DeliveryStatus.CANCELLED
    accepted = delivery.sent_at if delivery else None
    error = delivery.last_error if delivery else ""
    waiting = Page.objects.filter(pk=page.pk, outcome=DeliveryStatus.WAITING)
    if not waiting.update(outcome=outcome, accepted_at=accepted, error=error):
        return False
    if outcome == DeliveryStatus.SENT and page.reason in CALLS:
        first = Incident.objects.filter(pk=page.incident_id, paged_at=None, opened_at__lte=page.created_at)
        first.update(paged_at=accepted, changed_at=now)
    if outcome == DeliveryStatus.FAILED:
        tell(page.incident, "page_failed", SYSTEM, now, channel=page.name, error=error[:300])
    return True
