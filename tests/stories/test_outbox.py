"""Messages of the real console, which is killed while it sends."""

import pytest

from tests.sinks import SmtpSink, WebhookSink
from tests.stories.console import console, until

pytestmark = pytest.mark.servers
HEAD = "from opsconsole.outbox.models import *; from opsconsole.outbox.services.deliveries import *; from opsconsole.outbox.messages import Message; from opsconsole.lib import clock; "
QUEUE = (
    HEAD
    + "message_queue(event='test.story:1', topic=Topic.INCIDENTS, message=Message('Down', 'It is down.'), now=clock.now(), {to})"
)
CHANNEL = "channel=Channel.objects.create(kind='webhook', name='Hook', config={{'url': '{url}', 'secret': 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'}})"
FORGET_LEASES = HEAD + "Delivery.objects.update(leased_until=clock.now())"
STATES = HEAD + "print(*Delivery.objects.values_list('status', flat=True))"


def test_it_sends_again_with_the_same_id_what_was_being_sent_when_it_was_killed(tmp_path, database):
    with WebhookSink("hang") as hook, console(tmp_path, **database) as running:
        running.manage("shell", "-v0", "-c", QUEUE.format(to=CHANNEL.format(url=hook.url)))
        hook.wait(1)
        running.kill()
        running.manage(
            "shell", "-v0", "-c", FORGET_LEASES
        )  # instead of waiting two minutes for it to run out
        running.start()
        first, second = hook.wait(2, 60)
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        until(lambda: "sent" in running.manage("shell", "-v0", "-c", STATES), 20)


def test_it_sends_at_the_start_what_was_queued_while_nothing_ran(tmp_path, database):
    with SmtpSink() as mail, console(tmp_path, EMAIL_URL=mail.url, **database) as running:
        running.kill()
        running.manage("shell", "-v0", "-c", QUEUE.format(to="recipient='ops@example.com'"))
        assert not mail.received
        running.start()
        assert mail.wait(1, 60)[0]["Subject"] == "Down"
