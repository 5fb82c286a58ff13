"""Every provider hangs, fails, and wants to be left alone: whoever is well is told first, and each is told once when it is back."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.opsconsole.outbox.providers import TAKEN, config_of
from tests.sinks import SmtpSink, WebhookSink
from tests.stories.console import Console, console, until
from tests.stories.halting import hooked
from tests.stories.test_providers import ids, plain, sooner, tried
from tests.stories.test_watched import ago

pytestmark = pytest.mark.servers
HOSTS = {
    "hooks.slack.com": "slack",
    "api.telegram.org": "telegram",
    "api.twilio.com": "sms",
    "events.pagerduty.com": "pagerduty",
    "hooks.example.com": "webhook",
}
ILL: tuple[Any, ...] = ("hang", (500, {}, "out of order"), (429, {"Retry-After": "7200"}, "slow down"))
ILL_MAIL = ("hang", "451 4.3.0 Try later", "data 451 4.7.1 Greylisted")
SAID = ("No complete answer in time", "500 “out of order”", "429 “slow down”")
SAID_OF_MAIL = ("451 4.3.0 Try later", "Greylisted")
ATTEMPTED = """
SELECT c.name FROM outbox_attempt a
JOIN outbox_delivery d ON d.id = a.delivery_id JOIN outbox_channel c ON c.id = d.channel_id ORDER BY a.id
"""


@pytest.fixture
def providers() -> Iterator[dict[str, WebhookSink]]:
    """By kind."""
    with ExitStack() as stack:
        sinks = {kind: WebhookSink(*ILL, TAKEN.get(kind, 200)) for kind in HOSTS.values()}
        yield {kind: stack.enter_context(sink) for kind, sink in sinks.items()}


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with SmtpSink(*ILL_MAIL) as sink:
        yield sink


@pytest.fixture
def well() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def running(tmp_path, database, site, providers, mail, well) -> Iterator[Console]:
    """It calls providers by their own addresses, and gets to ours."""
    ways = {host: providers[kind].url.removesuffix("/hook") for host, kind in HOSTS.items()}
    settings = hooked(tmp_path, detours=ways) | {"EMAIL_URL": mail.url} | database
    with console(tmp_path, **settings) as made:
        made.session = made.make("shop", site=site.url)
        configs = {
            kind: config_of(kind, f"https://{host}") | {"region": "us"} for host, kind in HOSTS.items()
        }
        made.make("channels", **configs | {"webhook": {"url": "https://hooks.example.com/ops"}})
        made.make("webhook", url=well.url)
        until(lambda: made.count("probes_probe WHERE status = 'up'"), 60)
        site.stop()
        yield made


def test_each_is_told_once_when_it_is_back_and_holds_up_none(running, providers, mail, well):
    well.wait(1, 60)
    until(lambda: running.rows(ATTEMPTED), 20)
    assert running.rows(ATTEMPTED)[0] == ("Hook",)
    for times in (1, 2, 3):
        tried(running, times)
        later = running.rows("SELECT count(*) FROM outbox_delivery WHERE due_at > %s", ago(hours=-1.9))
        assert later == [(len(providers) if times == 3 else 0,)]
        sooner(running)
    until(lambda: not running.count("outbox_delivery WHERE status <> 'sent'"), 60)
    assert len(well.received) == 1 and [len(sink.received) for sink in providers.values()] == [4] * len(HOSTS)
    assert len({call.headers["webhook-id"] for call in providers["webhook"].received}) == 1
    assert len({call.json()["dedup_key"] for call in providers["pagerduty"].received}) == 1
    assert [plain(str(message["Message-ID"])) for message in mail.received] == ids(running, "email")
    for pk, name in running.rows(
        "SELECT d.id, c.kind FROM outbox_delivery d JOIN outbox_channel c ON c.id = d.channel_id WHERE c.name <> 'Hook'"
    ):
        page = running.page(f"/settings/deliveries/{pk}/")
        assert all(words in page for words in (SAID_OF_MAIL if name == "email" else SAID))
