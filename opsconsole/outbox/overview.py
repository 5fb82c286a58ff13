"""What the pages show of channels and deliveries: readers that put several queries together, always the same number."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery

from opsconsole.lib.ids import id_of
from opsconsole.lib.phrases import closed
from opsconsole.lib.secrets import SecretUnreadable
from opsconsole.lib.standing import Standing
from opsconsole.measures.evidence import Asked
from opsconsole.outbox.models import Attempt, Channel, Delivery, DeliveryStatus, Health, Topic
from opsconsole.outbox.selectors import DIRECT, FIGURES, TEST, sendable, throttled
from opsconsole.outbox.states import channel_standing, delivery_standing
from opsconsole.outbox.transports.base import Transport, transports

MOST = 1000  # counts end here; a page never counts a big table
TRIED_WITHIN = timedelta(hours=80)  # longer than any message is tried
_MAIL = Q(channel=None) | Q(channel__kind=DIRECT)
_TOKEN = re.compile(r"(?<=/a/)[\w-]+|(?<=[/=])(?=[\w-]*\d)[\w-]{20,}")


@dataclass(frozen=True)
class Trouble:
    """A way out that takes nothing: since when, what it said last, how many wait for it, when it is tried next."""

    name: str
    since: datetime | None
    error: str
    waiting: int
    next_at: datetime | None
    channel_id: int | None = None


@dataclass(frozen=True)
class ChannelRow:
    """A channel as a list shows it. `target` has nothing secret in it."""

    channel: Channel
    transport: Transport | None
    standing: Standing
    target: str
    topics: list[str]
    last_at: datetime | None = None
    waiting: int = 0


def channel_rows() -> list[ChannelRow]:
    """What is wrong first. Two queries."""
    sent = Delivery.objects.filter(channel=OuterRef("pk"), status=DeliveryStatus.SENT).order_by("-pk")
    channels = Channel.objects.select_related("user").annotate(last_at=Subquery(sent.values("sent_at")[:1]))
    queues = _queues()
    rows = [channel_row(c, last_at=c.last_at, waiting=queues.get(c.pk, (0,))[0]) for c in channels]
    return sorted(rows, key=lambda row: row.standing.tone != "bad")


def channel_row(channel: Channel, *, last_at: datetime | None = None, waiting: int = 0) -> ChannelRow:
    transport = transports.get(channel.kind)
    try:
        target = transport.target(channel.config) if transport else "this console does not know its kind"
    except SecretUnreadable:
        target = "its settings cannot be read: the secret key was changed"
    topics = [Topic(t).label for t in channel.topics if t in Topic.values]
    return ChannelRow(channel, transport, channel_standing(channel), target, topics, last_at, waiting)


def troubles(now: datetime) -> list[Trouble]:
    """What does not get through at this time, mail first. Two queries, a third while a channel fails, three more while mail is down."""
    mail = _mail_trouble(now)
    failing = Channel.objects.open().filter(health=Health.FAILING)
    if mail:
        failing = failing.exclude(kind=DIRECT)
    channels = list(failing)
    queues = _queues() if channels else {}
    return [*mail, *(_channel_trouble(channel, *queues.get(channel.pk, (0, None))) for channel in channels)]


def _channel_trouble(channel: Channel, waiting: int, next_at: datetime | None) -> Trouble:
    return Trouble(
        channel.name,
        channel.health_since,
        closed(channel.last_error),
        waiting,
        next_at,
        channel_id=channel.pk,
    )


def _queues() -> dict[int, tuple[int, datetime]]:
    """How many messages wait for each channel, and when the next of them is due."""
    waiting = Delivery.objects.filter(status=DeliveryStatus.WAITING, channel__isnull=False)
    sums = waiting.values_list("channel").annotate(Count("pk"), Min("due_at")).order_by()
    return {channel: (count, due) for channel, count, due in sums}


def _mail_trouble(now: datetime) -> list[Trouble]:
    """All mail goes through one server: it is down when nothing has gone through since an attempt failed."""
    waiting = Delivery.objects.filter(_MAIL, sendable(), status=DeliveryStatus.WAITING)
    sums = waiting.aggregate(
        count=Count("pk"), next_at=Min("due_at"), tried=Count("pk", filter=Q(attempts__gt=0))
    )
    if not sums["tried"]:
        return []
    tries = Attempt.objects.filter(
        Q(delivery__channel=None) | Q(delivery__channel__kind=DIRECT), at__gt=now - TRIED_WITHIN
    )
    last_ok = tries.filter(ok=True).aggregate(at=Max("at"))["at"] or now - TRIED_WITHIN
    failed = tries.filter(ok=False, at__gt=last_ok, delivery__status=DeliveryStatus.WAITING).order_by("at")
    first, last = failed.first(), failed.last()
    if not first or not last:
        return []
    return [Trouble("Mail", first.at, last.detail, sums["count"], sums["next_at"])]


@dataclass(frozen=True)
class DeliveryRow:
    delivery: Delivery
    standing: Standing
    target: str
    is_test: bool


def delivery_row(delivery: Delivery) -> DeliveryRow:
    target = delivery.channel.name if delivery.channel else delivery.recipient
    return DeliveryRow(delivery, delivery_standing(delivery), target, is_test=delivery.event.startswith(TEST))


def deliveries(*, status: str = "", channel: str = "", about: str = "") -> QuerySet[Delivery]:
    """Narrowed by state, a channel's id (“direct” for messages to an address), and the path of the cause."""
    found = Delivery.objects.select_related("channel").defer("content")
    if status in DeliveryStatus.values:
        found = found.filter(status=status)
    elif status == "throttled":
        found = found.filter(throttled())
    if channel == "direct":
        found = found.filter(channel=None)
    elif (pk := id_of(channel)) is not None:
        found = found.filter(channel_id=pk)
    return found.filter(about=about) if about else found


def of_figure(rows: QuerySet[Delivery], asked: Asked, now: datetime) -> QuerySet[Delivery]:
    """Of these rows, those that an address asks for; none where that makes no sense."""
    if asked.complaint:
        return rows.none()
    if asked.measure and asked.period:
        return rows.filter(pk__in=FIGURES[asked.of](asked.period, now).values("pk"))
    if asked.period:
        return rows.filter(created_at__gte=asked.period.start, created_at__lt=asked.period.end)
    return rows


@dataclass(frozen=True)
class Sums:
    """Counts up to MOST: waiting now, not delivered of 7 days, delivered of 24 hours."""

    waiting: int
    failed: int
    sent: int


def sums(now: datetime) -> Sums:
    def capped(**narrow: object) -> int:
        return Delivery.objects.filter(**narrow).order_by()[:MOST].count()

    week, day = now - timedelta(days=7), now - timedelta(days=1)
    return Sums(
        capped(status=DeliveryStatus.WAITING),
        capped(status=DeliveryStatus.FAILED, created_at__gte=week),
        capped(status=DeliveryStatus.SENT, created_at__gte=day),
    )


@dataclass(frozen=True)
class Content:
    """What a message said, its keys and links of one use made unreadable; or a sentence why it is not shown."""

    text: str = ""
    data: str = ""
    withheld: str = ""


def content(delivery: Delivery, *, may_read: bool) -> Content:
    if not may_read:
        return Content(withheld="What it said is shown to responders and above.")
    try:
        said = delivery.content
        if said["data"].get("private"):
            return Content(withheld="What it said is for its recipient only, so it is not shown here.")
    except SecretUnreadable as error:
        return Content(withheld=str(error))
    data = json.dumps(said["data"], indent=2, ensure_ascii=False) if said["data"] else ""
    return Content(masked(said["text"]), masked(data))


def masked(text: str) -> str:
    """Long random parts of addresses open doors; “…” stands for each."""
    return _TOKEN.sub("…", text)
