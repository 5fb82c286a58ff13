"""What a vendor's status page says, as JSON or as a feed; a page that fails tells nothing of the vendor."""

import json
import socket
import sys
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.probes import feeds
from monitoring.probes.engine.batch import run_once
from monitoring.probes.kinds import Answer
from monitoring.probes.kinds.vendor import Rule, asked, judge
from monitoring.probes.models import Finding, Probe
from tests.conftest import NOW
from tests.monitoring import make
from tests.monitoring.probes.servers import Scripted, answer

database = pytest.mark.usefixtures("db", "loopback", "frozen")


def page(indicator="none", **more) -> bytes:
    parts = [{"name": "API", "status": "operational"}, {"name": "Dashboard", "status": "partial_outage"}]
    incident = {
        "name": "Slow logins",
        "status": "monitoring",
        "shortlink": "https://stspg.io/x",
        "components": [parts[1]],
    }
    over = {"name": "Old", "status": "resolved", "components": parts}
    status = {"indicator": indicator, "description": "Minor Service Outage"}
    return json.dumps({"status": status, "components": parts, "incidents": [over, incident]} | more).encode()


def feed(text: str, hours: float = 1, title: str = "Slow logins") -> bytes:
    at = format_datetime(NOW - timedelta(hours=hours))
    old = f"<item><title>Old</title><description>Investigating</description><pubDate>{format_datetime(NOW - timedelta(days=9))}</pubDate></item>"
    item = f"<item><title>{title}</title><link>https://v.test/1</link><description>{text}</description><pubDate>{at}</pubDate></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>V</title>{old}{item}</channel></rss>'.encode()


def said(body: bytes, component: str = "") -> tuple[str, str]:
    verdict = judge(Rule(component), Answer(code=200, body=body), NOW)
    return verdict.grade.value, verdict.reason


@database
def test_it_keeps_the_incident_and_its_link(now):
    def vendor(connection: socket.socket) -> None:
        path = connection.recv(4096).split()[1]
        connection.sendall(answer(page("minor") if path == b"/api/v2/summary.json" else b"", "200 OK"))

    with Scripted(vendor) as served:
        config = {"url": f"http://127.0.0.1:{served.port}"}
        make.probe(kind="vendor", next_at=now, failure_threshold=1, config=config)
        run_once(now)
    assert Probe.objects.get().last_error == "The vendor says: Slow logins."
    assert Finding.objects.get().facts == {"says": "Slow logins", "link": "https://stspg.io/x"}


@pytest.mark.parametrize(
    ("body", "component", "status", "reason"),
    [
        (page(), "", "up", ""),
        (page("major"), "", "down", "The vendor says: Slow logins."),
        (page("maintenance", incidents=[]), "", "degraded", "The vendor says: Minor Service Outage."),
        (page("critical"), "api", "up", ""),
        (page(), "dashboard", "degraded", "The vendor says: Slow logins."),
        (page(incidents=[]), "dashboard", "degraded", "The vendor says: Dashboard: partial outage."),
        (
            page(),
            "mail",
            "unknown",
            "The status page has no component of this name; it has “API” and “Dashboard”.",
        ),
        (page("purple"), "", "unknown", "The status page does not say how its vendor is."),
        (b"[]", "", "unknown", "The status page does not say how its vendor is."),
        (b"<html>", "", "unknown", "The status page is neither JSON nor a feed."),
        (
            feed("&lt;b&gt;Monitoring&lt;/b&gt; - soon. Investigating"),
            "",
            "degraded",
            "The vendor says: Slow logins.",
        ),
        (feed("&lt;b&gt;Resolved&lt;/b&gt; - done. Investigating"), "", "up", ""),
        (feed("Scheduled - tomorrow"), "", "up", ""),
        (feed("Investigating", hours=80), "", "up", ""),
        (b'<rss version="2.0"><channel></channel></rss>', "", "up", ""),
    ],
)
def test_it_judges_what_the_page_says(body, component, status, reason):
    assert said(body, component) == (status, reason)


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        (
            Answer(error=28, problem="No complete answer in time"),
            "The status page could not be read: No complete answer in time",
        ),
        (Answer(code=503), "The status page answered 503."),
    ],
)
def test_it_knows_nothing_where_the_page_fails(answered, reason):
    verdict = judge(Rule(), answered, NOW)
    assert (verdict.grade.value, verdict.reason) == ("unknown", reason)


def test_it_reads_atom():
    entry = f"<entry><title>Outage</title><updated>{NOW.isoformat()}</updated><content>Identified</content></entry>"
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>V</title>{entry}</feed>'.encode()
    assert said(atom) == ("degraded", "The vendor says: Outage.")


def item(title: str, text: str, link: str, hours: float) -> str:
    at = format_datetime(NOW - timedelta(hours=hours))
    return f"<item><title>{title}</title><link>{link}</link><description>{text}</description><pubDate>{at}</pubDate></item>"


def test_it_sees_an_older_incident_that_goes_on():
    items = item("Mail", "Resolved", "https://v.test/2", 1) + item("API", "Identified", "https://v.test/1", 9)
    assert said(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())[1] == "The vendor says: API."


def test_it_takes_the_newest_word_of_an_incident():
    items = item("API", "Identified", "https://v.test/1", 9) + item("API", "Resolved", "https://v.test/1", 1)
    assert said(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()) == ("up", "")


@pytest.mark.parametrize("broken", [b"<rss><chan", b'<rss version="2.0"><channel><title>V</title>'])
def test_it_knows_nothing_of_a_feed_that_broke_off(broken):
    assert said(broken) == ("unknown", "The status page is neither JSON nor a feed.")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//[::1"])
def test_it_makes_no_link_of_anything_else(link):
    script = [{"name": "X", "status": "identified", "shortlink": link}]
    verdict = judge(Rule(), Answer(code=200, body=page("minor", incidents=script)), NOW)
    assert verdict.facts == {"says": "X", "link": ""}


def test_it_survives_a_bomb_of_entities():
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "ha">{layers}]><rss version="2.0"><channel><title>&e9;</title></channel></rss>'
    assert said(bomb.encode())[0] in ("unknown", "up")


def test_it_opens_no_file_that_a_page_names():
    assert feeds.incidents(b"/etc/hostname") is None


@given(st.binary(max_size=200))
def test_it_judges_any_bytes(body):
    assert said(body)[0] in ("unknown", "up", "degraded")


@pytest.mark.parametrize(
    ("url", "at"),
    [
        ("https://status.test", "https://status.test/api/v2/summary.json"),
        ("https://status.test/eu/", "https://status.test/eu/api/v2/summary.json"),
        ("https://status.test/history.rss", "https://status.test/history.rss"),
        ("https://status.test/feed?x=1", "https://status.test/feed?x=1"),
    ],
)
def test_it_knows_where_a_page_is_read(url, at):
    assert asked(url) == at


def test_it_loads_no_parser_until_a_feed_comes(monkeypatch):
    monkeypatch.delitem(sys.modules, "feedparser", raising=False)
    feeds._parser.cache_clear()
    said(page())
    assert "feedparser" not in sys.modules
