"""The worst answers there are, to every kind of question: each page says what happened, what is well stays on time, and memory flat."""

import socket
from collections.abc import Iterator
from functools import partial
from socket import SOCK_DGRAM
from typing import Any

import pytest

from tests.memory import anonymous
from tests.monitoring.probes.papers import authority
from tests.monitoring.probes.servers import Target
from tests.stories.console import Console, children_of, console, until
from tests.stories.timing import on_time

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("embedded")]
WAITED = "No complete answer in time"
Row = tuple[str, str, dict[str, Any], dict[str, Any]]
HTTP = {
    "hang": WAITED,
    "drip": WAITED,
    "loop": "Too many redirects",
    "headers": "The headers of the answer do not end within 300 KB",
    "bomb": "The answer does not contain “fine”",
    "endless": "The answer does not contain “fine”",
}
VENDOR = {
    name: f"The status page could not be read: {HTTP[name]}" for name in ("hang", "drip", "loop", "headers")
}
VENDOR |= dict.fromkeys(("bomb", "endless"), "The status page is neither JSON nor a feed")
DOMAIN = {
    name: f"The registry could not be asked: {HTTP[name]}" for name in ("hang", "drip", "loop", "headers")
}
DOMAIN |= dict.fromkeys(("bomb", "endless"), "What the registry answered is not RDAP")
SILENT = {"http": WAITED, "tcp": WAITED, "tls": WAITED, "dns": "did not answer in time"}
SAID = {"http": HTTP, "vendor": VENDOR, "domain": DOMAIN, "silent": SILENT}
SOURCE = HTTP | dict.fromkeys(("bomb", "endless"), "The answer is larger than 8,000,000 bytes")
ROUNDS, MOST_MEMORY = 4, 50  # results of each, MB


class Worst(Target):
    """Also a registry, where the first word of a domain says what it does."""

    def do_domain(self, connection, rest, request):
        getattr(self, f"do_{rest.partition('.')[0]}")(connection, "", request)


@pytest.fixture
def target() -> Iterator[Target]:
    with Worst() as made:
        yield made


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and packets, and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as made, socket.socket(type=SOCK_DGRAM) as other:
        port: int = made.getsockname()[1]
        other.bind(("127.0.0.1", port))
        yield port


@pytest.fixture
def running(tmp_path, database, target) -> Iterator[Console]:
    with console(tmp_path, OPSCONSOLE_RDAP_URL=target.url("").rstrip("/"), **database) as made:
        made.session = made.make("team")
        yield made


def memory(running: Console) -> float:
    """Of all processes together, in MB."""
    (supervisor,) = running.processes
    return sum(anonymous(pid) for pid in children_of(supervisor.pid))


def test_probes_beside_them_are_on_time_and_each_page_says_what_happened(running, target, silent):
    good: list[Row] = [("http", f"Good {n}", {"url": target.url("/ok")}, {}) for n in range(10)]
    running.make("asked", rows=good)
    until(lambda: running.count("probes_probe WHERE status = 'up'") == len(good), 60)
    before = memory(running)
    mean: list[Row] = [
        ("http", f"http {name}", {"url": target.url(f"/{name}"), "keyword_present": "fine"}, {})
        for name in HTTP
    ]
    mean += [("vendor", f"vendor {name}", {"url": target.url(f"/{name}")}, {}) for name in VENDOR]
    mean += [("domain", f"domain {name}", {"host": f"{name}.example.com"}, {}) for name in DOMAIN]
    here = {"host": "127.0.0.1", "port": silent}
    mean += [
        ("http", "silent http", {"url": f"http://127.0.0.1:{silent}/"}, {}),
        ("tcp", "silent tcp", here | {"expect": "220"}, {}),
        ("tls", "silent tls", here, {}),
        ("dns", "silent dns", {"host": "shop.test", "resolver": f"127.0.0.1:{silent}"}, {}),
    ]
    running.make("asked", rows=mean)
    few = f"(SELECT count(*) FROM probes_result r WHERE r.probe_id = p.id) < {ROUNDS}"
    until(lambda: not running.count(f"probes_probe p WHERE interval < 60 AND {few}"), 90)
    assert memory(running) - before < MOST_MEMORY
    on_time(running, "Good%")
    for pk, name in running.rows("SELECT id, name FROM probes_probe WHERE name NOT LIKE 'Good%'"):
        kind, _, verb = name.partition(" ")
        assert SAID[kind][verb] in running.page(f"/monitoring/probes/{pk}/"), name


def test_certificates_that_are_no_good_are_told_apart(running, tmp_path):
    root = authority()
    shown = {
        "certificate has expired": root.signs("Shop", days=-3),
        "no alternative certificate subject name matches": root.signs("Shop", host="127.0.0.9"),
        "self-signed certificate": authority("Stranger"),
    }
    for number, (said, paper) in enumerate(shown.items(), 1):
        with Target(paper.context(tmp_path)) as target:
            row = ("http", f"Shop {number}", {"url": target.url("/ok")}, {"authority": root.pem})
            running.make("asked", rows=[row])
            until(partial(running.count, f"probes_probe WHERE status = 'down' AND id = {number}"), 60)
        page = running.page(f"/monitoring/probes/{number}/")
        assert "The certificate is not trusted" in page and said in page


def test_sources_of_metrics_beside_them_are_read_and_each_says_what_happened(running, target):
    kinds = ("prometheus", "json", "csv")
    rows = [(kind, f"{kind} {name}", target.url(f"/{name}")) for name in SOURCE for kind in kinds]
    before = memory(running)
    running.make("sources", rows=[*rows, ("json", "Good", target.url("/json/7"))])
    until(lambda: running.count("metrics_source WHERE last_at IS NULL AND failures = 0") == 0, 90)
    assert running.rows("SELECT name FROM metrics_source WHERE failures = 0") == [("Good",)]
    assert memory(running) - before < 2 * MOST_MEMORY
    for pk, name in running.rows("SELECT id, name FROM metrics_source WHERE failures > 0"):
        assert SOURCE[name.partition(" ")[2]] in running.page(f"/monitoring/metrics/sources/{pk}/"), name
