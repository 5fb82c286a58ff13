"""Very much fails within a minute, in the whole console: seconds to the first page, pages a person gets, and what is one incident.

500 probes of one site that goes away, of 500 services and of one; then 2,000 alerts in one delivery.
"""

import json
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.probe import target
from tests.sinks import SmtpSink, WebhookSink
from tests.stories.console import Console, console, until

PROBES, ALERTS, COLLEAGUES = 500, 2_000, 2
PACE = {"interval": 30, "retry_interval": 10, "failure_threshold": 2}
QUIET = 10  # seconds without another page: the storm has been told
DOWN = "new = 'down'"
Figure = tuple[str, float, str]


class Scene:
    """A console with three people and a webhook, and what reached them."""

    def __init__(self, running: Console, mail: SmtpSink, hook: WebhookSink) -> None:
        self.running, self.mail, self.hook = running, mail, hook
        running.make("team")
        running.make("webhook", url=hook.url)
        running.make("colleagues", count=COLLEAGUES)

    def first_page(self, seconds: float) -> float:
        """When the first came, by the clock on the wall."""
        until(lambda: self.mail.received or self.hook.received, seconds)
        return time.time()

    def settled(self) -> None:
        """Until no other page comes."""
        seen, since = -1, 0.0
        while time.monotonic() - since < QUIET:
            if (now := len(self.mail.received) + len(self.hook.received)) != seen:
                seen, since = now, time.monotonic()
            time.sleep(0.2)

    def pages_each(self) -> int:
        """Of whoever got most."""
        mailboxes = Counter(str(mail["To"]) for mail in self.mail.received)
        return max([*mailboxes.values(), len(self.hook.received)])

    def incidents(self) -> int:
        return self.running.count("response_incident WHERE status != 'merged'")

    def listed(self, what: str) -> int:
        """How many the first incident names: services, or alerts."""
        first = "(SELECT min(id) FROM response_incident)"
        return self.running.count(f"response_incident_{what} WHERE incident_id = {first}")


@contextmanager
def scene() -> Iterator[Scene]:
    with ExitStack() as stack:
        folder, mail = stack.enter_context(tempfile.TemporaryDirectory()), stack.enter_context(SmtpSink())
        hook = stack.enter_context(WebhookSink())
        yield Scene(stack.enter_context(console(Path(folder), EMAIL_URL=mail.url)), mail, hook)


def figures() -> Iterator[Figure]:
    for services in (PROBES, 1):
        with scene() as found:
            yield from _probes(found, services)
    with scene() as found:
        yield from _alerts(found)


def _probes(found: Scene, services: int) -> Iterator[Figure]:
    running, name = found.running, "storm_services" if services > 1 else "storm_service"
    with target() as port:
        running.make("flock", site=f"http://127.0.0.1:{port}/", count=PROBES, services=services, **PACE)
        until(lambda: running.count("probes_probe WHERE status = 'up'") == PROBES, 120)
    page = found.first_page(120)
    yield f"{name}_first_page", page - _first_failure(running), "s"
    until(
        lambda: running.count(f"catalogue_statuschange WHERE {DOWN} AND handled_at IS NOT NULL") == PROBES,
        120,
    )
    yield f"{name}_all_listed", time.time() - _first_failure(running), "s"
    found.settled()
    yield f"{name}_pages_each", found.pages_each(), ""
    yield f"{name}_incidents", found.incidents(), ""
    changes = running.count("response_timelineentry WHERE kind = 'change'")
    yield f"{name}_listed", found.listed("affected") if services > 1 else changes, ""


def _first_failure(running: Console) -> float:
    """When the console first was sure of one, by the clock on the wall."""
    (found,) = running.rows(f"SELECT min(noticed_at) FROM catalogue_statuschange WHERE {DOWN}")
    return datetime.fromisoformat(str(found[0])).replace(tzinfo=UTC).timestamp()


def _alerts(found: Scene) -> Iterator[Figure]:
    key = found.running.make("integration", kind="alertmanager")
    began = time.time()
    _post(f"{found.running.url}/api/v2/alerts?key={key}", _two_thousand())
    yield "storm_alerts_answered", time.time() - began, "s"
    until(lambda: found.running.count("alerts_alert") == ALERTS, 120)
    yield "storm_alerts_written", time.time() - began, "s"
    yield "storm_alerts_first_page", found.first_page(120) - began, "s"
    found.settled()
    yield "storm_alerts_pages_each", found.pages_each(), ""
    yield "storm_alerts_incidents", found.incidents(), ""
    yield "storm_alerts_listed", found.listed("alerts"), ""


def _two_thousand() -> bytes:
    """As a Prometheus has them when a data centre is away: one rule, many instances."""
    labels = (
        {"alertname": "InstanceDown", "instance": f"host-{n}", "severity": "critical"} for n in range(ALERTS)
    )
    return json.dumps(
        [{"labels": one, "annotations": {"summary": f"{one['instance']} is down"}} for one in labels]
    ).encode()


def _post(url: str, body: bytes) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=60).read()
