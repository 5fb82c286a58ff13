"""Jobs that can only send mails: a mail to the key of a heartbeat is a ping.

The short name alone would do for anybody who can guess it, so that the ping key stands before it: `<ping key>+<short name>@…`.
"""

from django.urls import reverse

from monitoring.heartbeats.addresses import is_uuid
from monitoring.heartbeats.asking import heartbeat_mailed, heartbeat_named
from monitoring.heartbeats.inbox import FOLD
from monitoring.heartbeats.meanings import MAIL
from monitoring.heartbeats.models import BODY_LIMIT, Heartbeat, Ping
from monitoring.heartbeats.states import Kind
from opsconsole.inmail.mails import Mail
from opsconsole.inmail.takers import Taken
from opsconsole.lib.nudges import nudge
from opsconsole.lib.phrases import listed


def take(mail: Mail) -> Taken | None:
    """A ping for each heartbeat that it is sent to. What it means is judged like that of any ping, when it is folded."""
    named = {beat.pk: beat for to in mail.recipients if (beat := _meant(to))}
    if not named:
        return None
    Ping.objects.bulk_create(_ping(beat, mail) for beat in named.values())
    nudge(FOLD)
    first = next(iter(named))
    names = listed(beat.name for beat in named.values())
    return Taken(f"A ping of {names}.", reverse("heartbeats:detail", args=[first]))


def _meant(recipient: str) -> Heartbeat | None:
    name = recipient.partition("@")[0]
    if is_uuid(name):
        return heartbeat_named(key=name, ping_key="", slug="")
    ping_key, plus, slug = name.rpartition("+")
    return heartbeat_mailed(ping_key=ping_key, slug=slug) if plus else None


def _ping(beat: Heartbeat, mail: Mail) -> Ping:
    body = mail.text.encode()[:BODY_LIMIT].decode("utf-8", "ignore")
    return Ping(
        heartbeat=beat, at=mail.at, kind=Kind.SUCCESS, method=MAIL, body=body, subject=mail.subject,
        ua=f"Mail from {mail.sender or 'somebody'}"[:200],
    )  # fmt: skip
