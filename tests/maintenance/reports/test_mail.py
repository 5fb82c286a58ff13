"""The report as a mail that can be read as plain text."""

import pytest

from maintenance.reports import services
from maintenance.reports.mail import line, message, table
from maintenance.reports.sections import Item, contributes
from opsconsole.outbox.models import Channel, Delivery
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK
from tests.maintenance.reports.make import earlier, figure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("old_team", "bare")]


@pytest.fixture
def report(headline):
    headline("acme.up", lambda period: 99.2, title="Uptime", unit="%", target=99.9, digits=2)
    headline("acme.tta", lambda period: 4.0, title="Time to acknowledge", unit="min")
    contributes("attention", order=1)(
        lambda context: [Item(", 18 min, P1: <API> is down", "INC-042", "/incidents/42/")]
    )
    return services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY)


def test_it_says_the_verdict_in_the_subject(report):
    assert message(report).subject == "Week 46: A hard week."


def test_it_reads_well_as_plain_text(report):
    text = message(report).text
    assert text.startswith("A hard week. Nothing broke. Uptime missed the target")
    assert "Uptime               99.20 %  OFF TARGET; same on week 45; target at least 99.9 %" in text
    assert "Time to acknowledge    4 min  same on week 45" in text
    assert "- INC-042, 18 min, P1: <API> is down\n  http://127.0.0.1:8000/incidents/42/" in text
    assert "http://127.0.0.1:8000/reports/weekly/2026-W46/" in text
    assert "Monday 16 November 2026, 07:00 CET" in text
    assert max(len(said) for said in text.splitlines()) <= 90
    assert "\n\n\n" not in text


def test_it_escapes_in_html(report):
    html = message(report).html
    assert "<h1>A hard week." in html
    assert "&lt;API&gt; is down" in html
    assert 'href="http://127.0.0.1:8000/incidents/42/"' in html
    assert 'class="tag bad"' in html


def test_it_gives_machines_the_frozen_data(report):
    data = message(report).data
    assert (data["type"], data["week"]) == ("report.weekly", "2026-W46")
    assert data["figures"] == report.data["figures"]


def test_it_goes_to_channels_of_reports_only(headline):
    headline("acme.up", lambda period: 99.95, unit="%")
    for name, topics in (("Founder", ["reports"]), ("Pager", ["incidents"])):
        Channel.objects.create(kind="email", name=name, config={}, topics=topics)
    services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY)
    sent = Delivery.objects.filter(channel__name="Founder").get()
    assert (Delivery.objects.count(), sent.event, sent.about) == (
        1, "report.weekly:2026-W46", "/reports/weekly/2026-W46/",
    )  # fmt: skip
    assert sent.expires_at == MONDAY + services.FRESH


def test_it_wraps_long_lines_and_puts_addresses_on_their_own():
    said = line({"label": "INC-1", "joint": " ", "text": "word " * 30, "url": "/x/"})
    assert said.splitlines()[-1] == "  http://127.0.0.1:8000/x/"
    assert all(len(part) <= 76 for part in said.splitlines())


def test_it_marks_what_is_off_target_and_what_is_not_verified():
    before = earlier(99.97, delta=-0.77)
    rows = table([figure(value=99.2, target=99.9, earlier=[before]), figure("Jobs", None)])
    assert rows == [
        "Uptime  99.20 %  OFF TARGET; −0.77 on week 45; target at least 99.9 %",
        "Jobs          –  NOT VERIFIED",
    ]


def test_it_links_nothing_to_nowhere(headline):
    contributes("well", order=1)(lambda context: [Item("is unheard of.", "Revenue")])
    html = message(services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY)).html
    assert "<li>Revenue is unheard of.</li>" in html
