"""What Larkfield's error tracker lists: some dealt with, some open, most first seen right after a release."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from maintenance.setup.sample.world import World
from monitoring.changes.models import Change
from monitoring.inbound.models import Arrival, ErrorIssue, Fate, Integration
from opsconsole.lib.secrets import digest


@dataclass(frozen=True)
class Bug:
    """`release` is how many releases of its service ago it began; `hours` when it was last seen."""

    service: str
    title: str
    place: str
    release: int
    hours: float
    count: int
    users: int
    level: str = "error"
    status: str = "unresolved"


BUGS = (
    Bug("Web app", "TypeError: Cannot read properties of undefined (reading 'slots')", "calendar/day-view.tsx in renderDay", 0, 0.6, 312, 74),
    Bug("API", "IntegrityError: duplicate key value violates unique constraint “booking_slot”", "bookings/services.py in book", 2, 3.1, 41, 29),
    Bug("Payments", "ProviderTimeout: no answer within 5 s", "payments/provider.py in charge", 1, 22.4, 188, 41),
    Bug("API", "QueryCanceled: canceling statement due to statement timeout", "reports/queries.py in occupancy", 4, 9.0, 57, 12),
    Bug("Web app", "ChunkLoadError: Loading chunk 417 failed", "app/router.tsx", 1, 14.5, 96, 63, "warning"),
    Bug("Search", "IndexOutOfDate: 1,204 bookings are not in the index", "search/indexing.py in check", 0, 5.2, 9, 0, "warning"),
    Bug("Mail delivery", "SMTPRecipientsRefused: 550 mailbox unavailable", "mails/sending.py in send", 1, 1.8, 640, 602, "info"),
    Bug("API", "KeyError: 'timezone'", "bookings/imports.py in parse", 7, 118.0, 12, 3),
    Bug("Web app", "RangeError: Invalid time value", "calendar/recurrence.ts in next", 6, 260.0, 33, 20, status="resolved"),
    Bug("API", "MemoryError", "calendars/cache.py in keep", 9, 310.0, 5, 0, "fatal", "resolved"),
    Bug("Payments", "ValueError: unknown field “mandate”", "payments/webhooks.py in parse", 3, 700.0, 74, 12, status="resolved"),
    Bug("Web app", "ResizeObserver loop completed with undelivered notifications", "browser", 12, 30.0, 4120, 1930, "info", "ignored"),
)  # fmt: skip


def write(world: World, tracker: Integration, changes: Sequence[Change]) -> None:
    ErrorIssue.objects.bulk_create(
        _issue(world, tracker, number, bug, changes) for number, bug in enumerate(BUGS, 1)
    )
    last = ErrorIssue.objects.filter(integration=tracker).latest("last_at")
    Arrival.objects.create(**_arrival(last))
    Integration.objects.filter(pk=tracker.pk).update(received_at=last.last_at)


def _arrival(issue: ErrorIssue) -> dict[str, Any]:
    """How the tracker told of the last one."""
    said = {
        "id": issue.key,
        "shortId": issue.name,
        "title": issue.title,
        "culprit": issue.place,
        "level": issue.level,
    }
    body = json.dumps({"action": "assigned", "data": {"issue": said}}).encode()
    return {
        "integration": issue.integration,
        "at": issue.last_at,
        "digest": digest(issue.key),
        "headers": {"sentry-hook-resource": "issue"},
        "packed": zlib.compress(body, 1),
        "size": len(body),
        "fate": Fate.READ,
        "note": "It is assigned to somebody there.",
        "due_at": issue.last_at,
    }


def _issue(
    world: World, tracker: Integration, number: int, bug: Bug, changes: Sequence[Change]
) -> ErrorIssue:
    last = world.now - timedelta(hours=bug.hours)
    releases = [
        c.at
        for c in changes
        if c.service == world.services[bug.service] and c.kind == "deploy" and c.at < last
    ]
    first = releases[-1 - bug.release] if bug.release < len(releases) else world.start
    slug = world.services[bug.service].slug
    return ErrorIssue(
        integration=tracker,
        key=str(4_100 + number),
        name=f"{slug.upper()}-{number + 20}",
        title=bug.title,
        place=bug.place,
        level=bug.level,
        status=bug.status,
        project=slug,
        release=f"{slug}@{releases[-1]:%Y.%m.%d}" if releases else "",
        url=f"https://errors.larkfield.example/issues/{4_100 + number}/",
        count=bug.count,
        users=bug.users,
        first_at=first + timedelta(minutes=3 + number),
        last_at=max(last, first + timedelta(minutes=4 + number)),
        told_at=last,
    )
