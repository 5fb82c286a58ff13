"""How messages fare, for the health page: whether any is held up, and whether each way out takes them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse

from opsconsole.health.vitals import Vital, vital
from opsconsole.lib.durations import rough
from opsconsole.lib.figures import counted
from opsconsole.lib.phrases import listed
from opsconsole.outbox.models import Channel, Health
from opsconsole.outbox.overview import Trouble, troubles
from opsconsole.outbox.selectors import due
from opsconsole.outbox.watches import GRACE

_UNTRIED = Q(health=Health.UNTRIED)


@vital("outbox")
def outbox(now: datetime) -> Iterator[Vital]:
    yield _queue(now)
    opened = Channel.objects.open().aggregate(n=Count("pk"), untried=Count("pk", filter=_UNTRIED))
    yield _channels(troubles(now), opened["n"], opened["untried"])


def _queue(now: datetime) -> Vital:
    url = f"{reverse('outbox:deliveries')}?status=waiting"
    waiting = due(now).order_by().aggregate(n=Count("pk"), oldest=Min("due_at"))
    if not waiting["oldest"]:
        return Vital("Messages", "ok", "none is due to be sent", url)
    lag = max(now - waiting["oldest"], timedelta())
    held = counted(waiting["n"], "message is due", "messages are due")
    return Vital("Messages", "bad" if lag > GRACE else "ok", f"{held}, the oldest for {rough(lag)}", url)


def _channels(found: Sequence[Trouble], opened: int, untried: int) -> Vital:
    url = reverse("outbox:channels")
    if found:
        names = listed((trouble.name for trouble in found), 3)
        return Vital("Channels", "bad", f"nothing gets through: {names}", url)
    if not opened:
        return Vital(
            "Channels", "unknown", "there is none that is open: nobody hears when something breaks", url
        )
    if untried:
        return Vital("Channels", "unknown", f"{untried} of {opened} not tried yet: send a test", url)
    return Vital(
        "Channels", "ok", f"{counted(opened, 'is', 'are')} open, and what was sent last got through", url
    )
