"""Messages about incidents, each with its own link. Called by the services, in the transaction of the cause."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from incidents.response.models import CALLS, Incident, Page, PageReason
from incidents.response.writing import tell
from opsconsole.accounts.roles import SYSTEM
from opsconsole.accounts.selectors import Actor
from opsconsole.lib.calendars import zone
from opsconsole.lib.claims import free
from opsconsole.lib.nudges import nudge
from opsconsole.lib.secrets import digest, new_token
from opsconsole.outbox.messages import Message, render
from opsconsole.outbox.models import Channel, Delivery, DeliveryStatus, Topic
from opsconsole.outbox.selectors import follows, ringing
from opsconsole.outbox.services import SWEEP as SEND
from opsconsole.outbox.services.deliveries import message_broadcast

SETTLE = "response.pages_settle"
HOLD = timedelta(seconds=4)
BEHIND = timedelta(seconds=1)  # what follows a message that waits goes out so long after it
_NEWER = frozenset({PageReason.ESCALATED, PageReason.JOINED})
_OVER = frozenset({PageReason.RECOVERED, PageReason.RESOLVED})
SAID_ANEW = "A newer message says it."


def page_out(
    incident: Incident,
    reason: PageReason,
    *,
    event: str,
    now: datetime,
    expires_at: datetime | None = None,
    **words: Any,
) -> None:
    """Queue templates/messages/incident_<reason> to every open channel of the topic; the same event goes out once.

    `words` go to the template. Each channel gets a link of its own; a page is kept for each message.
    """
    due = pages_withdraw([incident], now) if reason in _NEWER else _turn(incident, now)
    letters = _Letters(incident, reason, words)
    deliveries = message_broadcast(
        event=event,
        topic=Topic.INCIDENTS,
        message_for=letters.write,
        now=now,
        about=reverse("response:detail", args=[incident.number]),
        expires_at=expires_at,
    )
    known = set(Page.objects.filter(delivery__in=deliveries).values_list("delivery_id", flat=True))
    fresh = [delivery for delivery in deliveries if delivery.pk not in known]
    if reason in _OVER:
        _overtake(incident, fresh, now)
    pages = Page.objects.bulk_create(letters.page(delivery, now) for delivery in fresh)
    if reason in CALLS:
        _tell_who(incident, reason, pages, now, key=event)
    if late := _unreached(incident, fresh, now) if reason in _NEWER else []:
        due = max(due or now, now + BEHIND)
    if due:
        pages_hold(incident, now, until=due)
    Delivery.objects.filter(pk__in=late).update(due_at=now)
    nudge(SETTLE)


def acknowledged_out(incident: Incident, *, by: Actor, now: datetime) -> None:
    """Tell those that have incidents of their own that this one is in hand, so that nothing there rings on; nor does a phone."""
    _hang_up(incident, now, "Somebody had it in hand before the phone could ring.")
    base = settings.OPSCONSOLE_URL
    path = reverse("response:detail", args=[incident.number])
    words = {"incident": incident, "by": by, "page_url": base + path}
    data = _data(incident, "acknowledged", {"page_url": base + path, "acknowledge_url": ""})
    deliveries = message_broadcast(
        event=f"incident.acknowledged:{incident.pk}:{int(now.timestamp())}",
        topic=Topic.INCIDENTS,
        message_for=lambda _: render("incident_acknowledged", words, data=data),
        now=now,
        about=path,
        to=follows,
    )
    if due := _turn(incident, now):
        ids = [delivery.pk for delivery in deliveries]
        Delivery.objects.filter(pk__in=ids, status=DeliveryStatus.WAITING, due_at=now).update(due_at=due)


def pages_hold(incident: Incident, now: datetime, *, until: datetime | None = None) -> None:
    """What was queued just now of an incident waits a moment: what comes with it may be said in one message."""
    fresh = Delivery.objects.filter(page__incident=incident, status=DeliveryStatus.WAITING, due_at=now)
    due = until or now + HOLD
    fresh.update(due_at=due)
    nudge(SEND, after=due - now)


def pages_withdraw(incidents: Iterable[Incident], now: datetime) -> datetime | None:
    """What waits for its moment is said by a newer message. Returns when the first of it would have gone; None for nothing."""
    found = dict(_waiting(incidents, now).filter(free(now)).values_list("pk", "due_at"))
    rows = Delivery.objects.filter(free(now), pk__in=found, status=DeliveryStatus.WAITING)
    rows.update(status=DeliveryStatus.CANCELLED, last_error=SAID_ANEW)
    return min(found.values(), default=None)


def _overtake(incident: Incident, deliveries: list[Delivery], now: datetime) -> None:
    """Whoever could not be reached yet hears that it is over, and not minutes after it that it began; no phone rings for it.

    A program behind a webhook, which has a time in each message, is told all.
    """
    told = [delivery.channel_id for delivery in deliveries]
    late = _unheard(incident, now).filter(channel__in=told).exclude(channel__kind="webhook")
    late.update(status=DeliveryStatus.CANCELLED, last_error=SAID_ANEW)
    _hang_up(incident, now, "It was over before the phone could ring.")


def _unreached(incident: Incident, deliveries: list[Delivery], now: datetime) -> list[int]:
    """Ids of what could not be delivered so far to those who are told now. It is tried again at once, ahead of the newer message,
    which must not wait for it either: nobody should hear that it got worse before they hear that it began."""
    told = [delivery.channel_id for delivery in deliveries]
    late = _unheard(incident, now).filter(channel__in=told, attempts__gt=0, due_at__gt=now)
    return list(late.values_list("pk", flat=True))


def _unheard(incident: Incident, now: datetime) -> QuerySet[Delivery]:
    """What was tried in vain, or held back so that nobody gets too many."""
    late = Q(attempts__gt=0) | Q(throttled_at__isnull=False)
    waits = Q(status=DeliveryStatus.WAITING, page__incident=incident)
    return Delivery.objects.filter(waits & late, free(now))


def _hang_up(incident: Incident, now: datetime, why: str) -> None:
    """Calls that are still to be made have no purpose any more."""
    calls = Delivery.objects.filter(
        free(now), status=DeliveryStatus.WAITING, page__incident=incident, channel__kind__in=ringing()
    )
    calls.update(status=DeliveryStatus.CANCELLED, last_error=why)


def _waiting(incidents: Iterable[Incident], now: datetime, within: timedelta = HOLD) -> QuerySet[Delivery]:
    """Messages about them that wait for their moment."""
    waits = Q(status=DeliveryStatus.WAITING, attempts=0, due_at__gt=now, due_at__lte=now + within)
    return Delivery.objects.filter(waits, page__incident__in=list(incidents))


def _turn(incident: Incident, now: datetime) -> datetime | None:
    """When another message may go out without overtaking one that waits: nobody should hear the end before the beginning."""
    last = _waiting([incident], now, 4 * HOLD).aggregate(last=Max("due_at"))["last"]
    return last + BEHIND if last else None


class _Letters:
    """The messages of one event: the link that a channel's message carries is the one that its page opens by."""

    def __init__(self, incident: Incident, reason: PageReason, words: dict[str, Any]) -> None:
        self.incident, self.reason, self.words = incident, reason, words
        self.tokens: dict[int, str] = {}

    def write(self, channel: Channel) -> Message:
        token = self.tokens[channel.pk] = new_token(32)
        context = _context(self.incident, token) | self.words
        data = _data(self.incident, self.reason, context)
        return render(f"incident_{self.reason}", context, data=data, zone=zone_of(channel))

    def page(self, delivery: Delivery, now: datetime) -> Page:
        channel = delivery.channel
        assert channel  # a broadcast goes to channels only
        return Page(
            incident=self.incident,
            reason=self.reason,
            channel=channel,
            delivery=delivery,
            user=channel.user,
            name=channel.name,
            digest=digest(self.tokens[channel.pk]),
            created_at=now,
        )


def _tell_who(incident: Incident, reason: PageReason, pages: list[Page], now: datetime, key: str) -> None:
    told = {page.channel_id for page in pages}
    others = [channel for channel in Channel.objects.all() if channel.pk not in told]
    tell(
        incident,
        "paged",
        SYSTEM,
        now,
        key=f"paged:{key}"[:80],
        reason=reason.label,
        channels=[page.name for page in pages],
        skipped=[{"name": channel.name, "why": _why_not(channel)} for channel in others],
    )


def _why_not(channel: Channel) -> str:
    if channel.is_enabled:
        return "it does not listen to incidents"
    return f"it is closed{f' ({channel.disabled_reason})' if channel.disabled_reason else ''}"


def zone_of(channel: Channel) -> ZoneInfo | None:
    """Times in a message are in the zone of whom it reaches; None for the team's."""
    return zone(channel.user.time_zone) if channel.user and channel.user.time_zone else None


def _context(incident: Incident, token: str) -> dict[str, Any]:
    base = settings.OPSCONSOLE_URL
    return {
        "incident": incident,
        "severity": incident.get_severity_display(),
        "page_url": base + reverse("response:detail", args=[incident.number]),
        "acknowledge_url": base + reverse("response:acknowledge", args=[token]),
    }


def _data(incident: Incident, reason: str, context: dict[str, Any]) -> dict[str, Any]:
    """What machines get. Moments are ISO 8601 in UTC, or null."""
    moments = ("impact_start", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at")
    return {
        "event": f"incident.{reason}",
        "incident": str(incident),
        "number": incident.number,
        "title": incident.title,
        "severity": incident.get_severity_display(),
        "status": incident.status,
        "service": incident.service.slug if incident.service else None,
        "drill": incident.is_drill,
        **({"dependents": context["dependents"].data} if "dependents" in context else {}),
        **{name: moment.isoformat() if (moment := getattr(incident, name)) else None for name in moments},
        "url": context["page_url"],
        "acknowledge_url": context["acknowledge_url"],
    }
