"""Ways out that are closed or fail: whoever should have been told was not."""

from django.urls import reverse

from maintenance.reports.sections import Context, Item, contributes
from opsconsole.outbox.models import Channel, Health

MOST = 5


@contributes("wanted", order=50)
def closed(_context: Context) -> list[Item]:
    """Channels that a permanent error closed; somebody has to mend or drop them."""
    shut = Channel.objects.filter(is_enabled=False).exclude(disabled_reason="").order_by("name")[:MOST]
    return [
        Item(
            f"“{channel.name}” was closed after a permanent error and tells nobody anything. Mend it, or remove it?",
            url=reverse("outbox:channel", args=[channel.pk]),
            action="Open the channel",
        )
        for channel in shut
    ]


@contributes("blockers", order=50)
def failing(context: Context) -> list[Item]:
    rows = Channel.objects.open().filter(health=Health.FAILING).order_by("health_since")[:MOST]
    return [_failing(channel, context) for channel in rows]


def _failing(channel: Channel, context: Context) -> Item:
    since = f" since {context.local(channel.health_since):%A %H:%M}" if channel.health_since else ""
    return Item(f"does not get through{since}.", channel.name, reverse("outbox:channel", args=[channel.pk]))


@contributes("blockers", order=60)
def no_way_out(_context: Context) -> list[Item]:
    if Channel.objects.open().exists():
        return []
    return [Item("is open: nobody is told when something breaks.", "No channel", reverse("outbox:channels"))]
