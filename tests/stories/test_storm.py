"""Very much at once, and everything twice and out of order: one incident, one page for each person, nothing dropped."""

import json
import random
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sinks import SmtpSink, WebhookSink
from tests.stories.console import console, until
from tests.stories.site import Site

pytestmark = pytest.mark.servers
ALERTS, PROBES, PEOPLE = 2_000, 60, 3


@pytest.fixture
def mail():
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def hook():
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def running(tmp_path, database, mail, hook):
    """A console with three people, each with a mailbox, and a webhook."""
    with console(tmp_path, EMAIL_URL=mail.url, **database) as found:
        found.make("team")
        found.make("webhook", url=hook.url)
        found.make("colleagues", count=PEOPLE - 1)
        yield found


@pytest.fixture
def told(mail, hook):
    """Who got how many mails, and how many calls came, when nothing more comes."""

    def ask():
        mail.wait(PEOPLE, 60)
        hook.wait(1, 60)
        time.sleep(6)  # a second page would come in that time
        return sorted(Counter(str(one["To"]) for one in mail.received).values()), len(hook.received)

    return ask


def post(running, key, content):
    request = urllib.request.Request(
        f"{running.url}/in/alertmanager/{key}",
        json.dumps(content).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status


def alert(number, status="firing", **times):
    labels = {"alertname": "InstanceDown", "instance": f"host-{number}", "severity": "critical"}
    return {"status": status, "labels": labels, "fingerprint": f"{number:016x}", **times}


ONCE = [1] * PEOPLE, 1


def test_it_tells_two_thousand_alerts_in_one_page(running, told):
    key, began = running.make("integration", kind="alertmanager"), time.monotonic()
    assert post(running, key, {"version": "4", "alerts": [alert(n) for n in range(ALERTS)]}) == 200
    assert time.monotonic() - began < 10
    assert told() == ONCE
    assert running.count("alerts_alert WHERE state = 'firing'") == ALERTS
    assert running.count("response_incident") == 1
    assert running.count("response_incident_alerts") == ALERTS


def test_it_ends_by_the_time_of_events_whatever_comes_twice_and_late(running, told):
    key = running.make("integration", kind="alertmanager")
    at = lambda minute: f"2026-01-01T10:{minute:02}:00Z"  # noqa: E731
    words = [
        alert(0, startsAt=at(1)),
        alert(0, "resolved", startsAt=at(1), endsAt=at(5)),
        alert(0, startsAt=at(9)),
    ]
    words += [alert(1, startsAt=at(2)), alert(1, "resolved", startsAt=at(2), endsAt=at(30))]
    deliveries = [{"version": "4", "alerts": [word]} for word in words] * 4
    random.Random(7).shuffle(deliveries)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda one: post(running, key, one), deliveries)) == {200}
    until(lambda: not running.count("inbound_arrival WHERE fate = 'waiting'"), 60)
    found = running.rows("SELECT fingerprint, state FROM alerts_alert ORDER BY fingerprint, starts_at")
    assert found == [(f"{0:016x}", "resolved"), (f"{0:016x}", "firing"), (f"{1:016x}", "resolved")]
    assert told() == ONCE
    assert running.count("response_incident") == 1


@pytest.mark.parametrize("services", [PROBES, 1])
def test_it_tells_in_one_page_that_very_many_probes_fail(running, told, services):
    site = Site()
    site.start()
    running.make("flock", site=site.url, count=PROBES, services=services, interval=5, failure_threshold=1)
    until(lambda: running.count("probes_probe WHERE status = 'up'") == PROBES, 60)
    site.stop()
    until(lambda: running.count("catalogue_statuschange WHERE handled_at IS NOT NULL") >= PROBES * 2, 90)
    assert told() == ONCE
    assert running.count("response_incident WHERE status != 'merged'") == 1
    assert running.count("response_incident_affected WHERE incident_id = 1") == services
