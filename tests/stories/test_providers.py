"""Mail servers and receivers of webhooks that are away or misbehave, and a console that is killed meanwhile: nothing is lost."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sinks import SmtpSink, WebhookSink
from tests.stories.console import Console, console, free_port, until

pytestmark = pytest.mark.servers


def sooner(running: Console) -> None:
    """The wait for the next attempt is over."""
    now = str(datetime.now(UTC))[:19]
    running.rows(
        "UPDATE outbox_delivery SET due_at = %s WHERE status = 'waiting' AND leased_until IS NULL", now
    )
    running.nudge("outbox.deliveries_send")


def tried(running: Console, times: int) -> None:
    """Until every message has been tried so often."""

    def all_tried() -> bool:
        return not running.count(f"outbox_delivery WHERE status = 'waiting' AND attempts < {times}")

    until(lambda: running.count("outbox_delivery") and all_tried(), 60)


def ids(running: Console, kind: str) -> list[str]:
    """Of the messages about the incident to a kind of channel."""
    sql = "SELECT uuid FROM outbox_delivery d JOIN outbox_channel c ON c.id = d.channel_id WHERE kind = %s"
    return [str(uuid).replace("-", "") for (uuid,) in running.rows(sql, kind)]


def plain(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0].replace("-", "")


def test_it_loses_nothing_while_the_mail_server_is_away_and_the_console_restarts(tmp_path, database, site):
    mail = SmtpSink()
    mail.port = free_port()
    with console(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{mail.port}", **database) as running:
        running.session = running.make("shop", site=site.url)
        until(lambda: running.count("probes_probe WHERE status = 'up'"), 60)
        site.stop()
        for times in range(1, 4):  # a minute, five and fifteen later; killed in between
            tried(running, times)
            assert "The mail server could not be reached" in running.page("/settings/deliveries/")
            running.kill()
            running.start()
            sooner(running)
        assert running.count("response_incident") == running.count("outbox_delivery") == 1
        tried(running, 4)
        with mail:
            sooner(running)
            until(lambda: running.count("outbox_delivery WHERE status = 'sent'") == 1, 60)
        assert [plain(str(message["Message-ID"])) for message in mail.received] == ids(running, "email")
        assert "could not be reached" not in running.page("/settings/deliveries/")


def test_it_delivers_through_whatever_they_answer(tmp_path, database, site):
    """Each answer is told on the page; the last attempt has the id of the first."""
    mails = ("451 4.3.0 Try later", "data 451 4.7.1 Greylisted", "drop", "550 5.7.1 Sign in first", None)
    calls: tuple[Any, ...] = (
        500,
        (429, {"Retry-After": "3"}),
        "reset",
        "garbage",
        (200, {}, '{"error": "no such room"}'),
    )
    with (
        SmtpSink(*mails) as mail,
        WebhookSink(*calls) as hook,
        console(tmp_path, EMAIL_URL=mail.url, **database) as running,
    ):
        running.session = running.make("shop", site=site.url, hook=hook.url)
        until(lambda: running.count("probes_probe WHERE status = 'up'"), 60)
        site.stop()
        for times in range(1, len(calls)):
            tried(running, times)
            sooner(running)
        until(lambda: running.count("outbox_delivery WHERE status = 'sent'") == 2, 60)
        said = " ".join(detail for (detail,) in running.rows("SELECT detail FROM outbox_attempt"))
        assert {plain(call.headers["webhook-id"]) for call in hook.received} == set(ids(running, "webhook"))
        assert {plain(str(message["Message-ID"])) for message in mail.received} == set(ids(running, "email"))
    for answer in (
        "451 4.3.0",
        "Greylisted",
        "closed the connection",
        "550 5.7.1",
        "500",
        "429",
        "not HTTP",
        "no such room",
    ):
        assert answer in said
