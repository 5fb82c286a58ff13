"""What people and machines get: short enough for a lock screen, right in every zone, safe in HTML."""

from datetime import timedelta

import pytest

from incidents.response import opening, services
from incidents.response.bearers import access
from incidents.response.models import PageReason
from incidents.response.paging import page_out
from incidents.response.tasks import clocks_sweep
from opsconsole.outbox.models import Delivery
from tests.incidents import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def incident(team, mail, checkout):
    return make.incident(service=checkout, description="answered 502 instead of 200–299")


def last():
    delivery = Delivery.objects.latest("pk")
    return delivery.subject, delivery.content["text"], delivery.content["html"], delivery.content["data"]


def test_it_fits_a_lock_screen(incident):
    subject, text, _, _ = last()
    assert subject == "P1 Checkout is down · INC-001"
    assert text.splitlines()[:2] == [
        "P1: Checkout is down since 09:00 CET · Checkout",
        "answered 502 instead of 200–299",
    ]
    assert text.splitlines()[2].startswith("Acknowledge: http://127.0.0.1:8000/a/")


def test_it_shows_times_in_the_zone_of_whom_it_reaches(team, responder, now):
    responder.time_zone = "Asia/Tokyo"
    responder.save()
    make.channel("Rafi's phone", user=responder)
    make.incident()
    assert "since 17:00 JST" in last()[1]


def test_it_tells_machines_everything(incident):
    data = last()[3]
    link = data.pop("acknowledge_url")
    assert data == {
        "event": "incident.opened",
        "incident": "INC-001",
        "number": 1,
        "title": "Checkout is down",
        "severity": "P1",
        "status": "open",
        "service": "checkout",
        "drill": False,
        "impact_start": "2026-11-18T08:00:00+00:00",
        "detected_at": "2026-11-18T08:00:00+00:00",
        "acknowledged_at": None,
        "mitigated_at": None,
        "resolved_at": None,
        "dependents": {"number": 0, "down": 0, "services": []},
        "url": "http://127.0.0.1:8000/incidents/INC-001/",
    }
    assert link.startswith("http://127.0.0.1:8000/a/")


def test_it_gives_links_that_open(incident, now):
    found = access(last()[3]["acknowledge_url"].rpartition("/")[2], now)
    assert found and found.incident == incident


def test_it_keeps_text_plain_and_html_safe(mail):
    make.incident("A & B <b>", description="x > 1 & y")
    subject, text, html, _ = last()
    assert subject == "P1 A & B <b> · INC-001"
    assert "x > 1 & y" in text
    assert "A &amp; B &lt;b&gt;" in html
    assert "<b>" not in html


def test_it_says_that_it_is_a_drill(mail):
    make.incident(is_drill=True)
    assert last()[0].startswith("Drill: P1")
    assert last()[3]["drill"] is True


def test_it_says_that_it_got_worse_and_why(incident, responder, now):
    services.incident_severity_change(
        actor=responder, incident=incident, severity=0, why="All of Europe", now=now
    )
    subject, text, html, data = last()
    assert subject == "Now P0: Checkout is down · INC-001"
    assert text.startswith("Raised from P1 to P0: Checkout is down, since 18 Nov 09:00 CET\nAll of Europe")
    assert "It was P1: All of Europe." in html
    assert (data["event"], data["severity"]) == ("incident.escalated", "P0")


def test_it_says_who_resolved_it_and_how_long_it_took(incident, responder, now):
    services.incident_resolve(actor=responder, incident=incident, now=now + timedelta(minutes=36))
    subject, text, _, data = last()
    assert subject == "Resolved: Checkout is down · INC-001"
    assert text.startswith("Resolved by Rafi at 09:36 CET: Checkout is down\nINC-001 lasted 36 min")
    assert (data["event"], data["status"]) == ("incident.resolved", "resolved")


def test_it_says_that_it_is_open_again(incident, responder, now):
    services.incident_resolve(actor=responder, incident=incident, now=now)
    opening.incident_reopen(actor=responder, incident=incident, now=now + timedelta(minutes=5))
    assert last()[0] == "Open again: Checkout is down · INC-001"


def test_it_reminds_with_the_target(incident, now):
    clocks_sweep(now + timedelta(hours=1, minutes=1))
    subject, text, _, _ = last()
    assert subject == "Not acknowledged yet: Checkout is down · INC-001"
    assert "As P1 it was due within 1 h of its opening." in text


@pytest.mark.parametrize(
    "name", ["opened", "escalated", "relapsed", "joined", "reminder", "recovered", "resolved"]
)
def test_it_cuts_no_corner_on_any_message(name, incident, responder, now):
    """Each has subject, text and html, and each html names the incident."""
    incident.mitigated_at = incident.resolved_at = now
    words = {
        "old": "P2",
        "why": "",
        "what": "Down again",
        "detail": "",
        "by": "Ana",
        "machine": False,
        "lasted": now - now,
    }
    page_out(incident, PageReason(name), event=f"test.{name}:1", now=now, **words)
    subject, text, html, _ = last()
    assert "Checkout is down" in subject
    assert "INC-001" in text
    assert "INC-001" in html
    assert len(subject) < 90
