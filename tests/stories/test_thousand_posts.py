"""A thousand posts within a minute, a third of them forged or garbled: pages answer, probes keep their time, nothing is dropped."""

import hashlib
import hmac
import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median
from typing import NamedTuple

import pytest

from tests.monitoring.inbound.conftest import payload
from tests.sinks import SmtpSink
from tests.stories.console import Console, console, until
from tests.stories.test_database_away import ask
from tests.stories.test_storm import alert
from tests.stories.test_watched import ago
from tests.stories.timing import on_time

pytestmark = pytest.mark.servers
ALERTS, DEPLOYMENTS, PINGS, MEAN = 300, 200, 200, 100
SECRET = "a secret of the webhook"
PAGES = ("/today/", "/incidents/", "/monitoring/services/", "/monitoring/probes/", "/monitoring/alerts/")
SLOW = 1.0  # seconds, or as much as this machine takes when nothing else happens, several times over

GROUPED = (
    "SELECT g.title, count(*) FROM alerts_alert a JOIN alerts_group g ON g.id = a.group_id GROUP BY g.title"
)


class Post(NamedTuple):
    path: str
    body: bytes
    wanted: int
    headers: dict[str, str] = {}


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def running(tmp_path, database, site, mail) -> Iterator[Console]:
    with console(tmp_path, EMAIL_URL=mail.url, **database) as made:
        made.session = made.make("shop", site=site.url)
        made.make("job", name="Backup", every=600)
        until(lambda: made.count("probes_probe WHERE status = 'up'"), 60)
        yield made


def posts(running: Console) -> list[Post]:
    """In any order."""
    prometheus = f"/in/alertmanager/{running.make('integration', kind='alertmanager')}"
    github = f"/in/github/{running.make('integration', kind='github', secret=SECRET)}"
    (ping,) = running.ping_paths()
    made = [Post(prometheus, fires(number), 200) for number in range(ALERTS)]
    made += [deployed(github, number, SECRET, 200) for number in range(DEPLOYMENTS)]
    made += [deployed(github, 1000 + number, "guessed", 401) for number in range(MEAN)]
    made += [Post(prometheus.replace("/in/alertmanager/", "/in/alertmanager/f"), fires(0), 404)] * MEAN
    made += [Post(ping, b"done", 200)] * PINGS
    made += [Post("/ping/00000000-0000-0000-0000-000000000000", b"", 404)] * MEAN
    random.Random(7).shuffle(made)
    return made


def fires(number: int) -> bytes:
    return json.dumps({"version": "4", "alerts": [alert(number)]}).encode()


def deployed(path: str, number: int, secret: str, wanted: int) -> Post:
    content = payload("github_deployment")
    content["deployment"]["id"] = number
    body = json.dumps(content).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={signature}", "X-GitHub-Delivery": f"{secret} {number}"}
    return Post(path, body, wanted, headers | {"X-GitHub-Event": "deployment_status"})


def answered(running: Console, post: Post) -> int:
    headers = {"Content-Type": "application/json"} | post.headers
    request = urllib.request.Request(running.url + post.path, post.body, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def read(running: Console, seconds: list[float]) -> None:
    """Every page once."""
    for page in PAGES:
        began = time.monotonic()
        assert ask(running, page)[0] == 200
        seconds.append(time.monotonic() - began)


@contextmanager
def reader(running: Console) -> Iterator[list[float]]:
    """Somebody who reads one page after the other meanwhile; how long each took."""
    seconds, ended = list[float](), threading.Event()

    def work() -> None:
        while not ended.is_set():
            read(running, seconds)

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(work)
        try:
            yield seconds
        finally:
            ended.set()
    reading.result()


def test_pages_and_probes_go_on_while_a_thousand_posts_come(running, mail):
    sent, quiet = posts(running), list[float]()
    assert len(sent) == 1000
    read(running, [])
    read(running, quiet)
    began = time.time() * 1000
    with reader(running) as seconds, ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda post: answered(running, post), sent))
    until(lambda: time.time() * 1000 - began > 11_000, 20)  # two runs of the probe at least
    assert Counter(codes) == Counter(post.wanted for post in sent)
    assert median(seconds) < max(SLOW, 5 * median(quiet))
    on_time(running, since=int(began))
    until(lambda: not running.count("inbound_arrival WHERE fate = 'waiting'"), 60)
    assert running.count("changes_change") == DEPLOYMENTS
    assert running.count("heartbeats_ping") == PINGS
    nothing_is_dropped_or_told_twice(running, mail)


def nothing_is_dropped_or_told_twice(running: Console, mail: SmtpSink) -> None:
    """What came after the first page is news of its group, which the team hears of later; the forged ones are an alert of their own."""
    forged = "Github sends what is not believed"
    until(lambda: dict(running.rows(GROUPED)) == {"InstanceDown": ALERTS, forged: 1}, 60)
    subjects = sorted(str(message["Subject"]) for message in mail.wait(2, 90))
    assert "alerts: InstanceDown · INC-0" in subjects[0] and forged in subjects[1] and len(subjects) == 2
    running.rows("UPDATE alerts_group SET look_at = %s", ago(minutes=1))
    running.nudge("alerts.tell")
    until(lambda: running.count("response_incident_alerts") == ALERTS + 1, 60)
    assert running.count("response_incident") == 2
