"""Logs and dashboards of what an incident touches, opened at its time."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from incidents.response.looking import links_of
from opsconsole.lib.clock import iso
from tests.incidents import make

pytestmark = pytest.mark.usefixtures("frozen", "team")
LOGS = {"title": "Logs", "url": "https://logs.example.com/?{from}&{to}"}
QUARTER = timedelta(minutes=15)


def moments(start, end):
    return f"https://logs.example.com/?{quote(iso(start), safe='')}&{quote(iso(end), safe='')}"


def test_it_opens_them_from_a_little_before_until_now(now):
    incident = make.incident()
    found = links_of(incident, [make.service("API", links=[LOGS])], now)
    assert found == [{"title": "Logs", "url": moments(incident.impact_start - QUARTER, now)}]


def test_it_ends_a_little_after_it_was_over(now):
    incident = make.incident()
    incident.mitigated_at = now + timedelta(minutes=5)
    found = links_of(incident, [make.service("API", links=[LOGS])], now + timedelta(days=1))
    assert found[0]["url"] == moments(incident.impact_start - QUARTER, now + timedelta(minutes=20))


def test_it_says_whose_they_are_where_there_are_several(now):
    services = [make.service("API", links=[LOGS]), make.service("Shop", links=[LOGS]), make.service("Blog")]
    assert [link["title"] for link in links_of(make.incident(), services, now)] == [
        "Logs of API",
        "Logs of Shop",
    ]


def test_it_shows_them_beside_the_incident(signed_in, responder):
    service = make.service("API", links=[{"title": "<b>Logs</b>", "url": "https://logs.example.com/"}])
    incident = make.incident(service=service)
    page = signed_in(responder).get(f"/incidents/{incident}/").text
    assert "Look into it" in page and "&lt;b&gt;Logs" in page
