"""The founder's page: frozen, or a preview that says so."""

from datetime import UTC, datetime, timedelta

import pytest

from maintenance.reports import services
from maintenance.reports.figures import headlines
from maintenance.reports.sections import Item, contributes
from opsconsole.accounts.models import Team
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.periods import Week
from opsconsole.measures.verdicts import Reading
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("old_team", "bare", "frozen")]


@pytest.fixture(autouse=True)
def uptime(headline):
    reading = Reading(99.95, 1, 7, "/monitoring/services/?from=x&to=y")
    headline("acme.up", lambda period: reading, title="Uptime", unit="%", target=99.9, digits=2)


@pytest.fixture
def published(uptime):
    return services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY)


def get(client, week, tail=""):
    return client.get(f"/reports/weekly/{week}/{tail}")


def test_it_sends_strangers_to_the_sign_in(client, owner):
    assert get(client, WEEK).status_code == 302
    assert get(client, WEEK, "figures.csv").status_code == 302


def test_it_shows_a_published_week(signed_in, viewer, published):
    page = get(signed_in(viewer), WEEK).content.decode()
    assert "<h1>A good week. Nothing broke." in page
    assert "week 46, 9–15 November 2026" in page
    assert "Monday 07:00 CET</time>, frozen" in page
    assert 'href="/monitoring/services/?from=x&amp;to=y"' in page
    assert "Preview" not in page


def test_it_says_that_a_running_week_is_a_preview(signed_in, viewer):
    page = get(signed_in(viewer), "2026-W47").content.decode()
    assert "<b>Preview</b>, as of" in page
    assert "Wednesday 09:00 CET" in page
    assert "publishes" in page
    assert "Monday 07:00 CET" in page
    assert "So far a good week." in page


def test_it_says_when_a_week_was_never_published(signed_in, viewer):
    page = get(signed_in(viewer), "2026-W30").content.decode()
    assert "it was not published, since the console was stopped" in page


def test_it_says_when_a_week_should_be_out(signed_in, viewer):
    page = get(signed_in(viewer), "2026-W46").content.decode()
    assert "it should be out by now" in page
    assert "was stopped" not in page


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ("2026-47", "Write a week as year and number, such as 2026-W47."),
        ("2026-W54", "The year 2026 has no week 54."),
        ("9999-W52", "years 2000 to 2199"),
        ("2026-W48", "Week 48 of 2026 has not begun; its report grows from Monday 23 November 2026 on."),
        ("2025-W48", "this console began later, on 1 January 2026."),
    ],
)
def test_it_says_why_there_is_no_such_week(signed_in, viewer, week, said):
    answer = get(signed_in(viewer), week)
    assert answer.status_code == 404
    assert said in answer.content.decode()


def test_it_reads_a_published_week_in_few_queries(
    signed_in, viewer, published, now, django_assert_max_num_queries
):
    for number in range(20):
        services.comment_add(actor=SYSTEM, week=WEEK, text=f"No. {number}", now=now)
    client = signed_in(viewer)
    with django_assert_max_num_queries(16):
        get(client, WEEK)


def test_it_previews_in_a_constant_number_of_queries(
    signed_in, viewer, headline, django_assert_max_num_queries
):
    for number in range(7):
        headline(f"acme.m{number}", lambda period: 1.0)
    client = signed_in(viewer)
    with django_assert_max_num_queries(24):
        get(client, "2026-W47")


def test_it_asks_for_decisions_with_a_button(signed_in, viewer):
    contributes("wanted", order=1)(lambda context: [Item("Cut the logs?", url="/logs/", action="Decide")])
    page = get(signed_in(viewer), "2026-W47").content.decode()
    assert "1 decision</span>" in page
    assert '<a class="button primary" href="/logs/">Decide</a>' in page


def test_it_escapes_what_sections_say(signed_in, viewer):
    contributes("attention", order=1)(lambda context: [Item(": <script>alert(1)</script>", "INC-1", "/x/")])
    page = get(signed_in(viewer), "2026-W47").content.decode()
    assert "<script>alert(1)" not in page
    assert '<a href="/x/">INC-1</a>: &lt;script&gt;' in page


def test_it_gives_the_figures_as_csv(signed_in, viewer, published):
    answer = get(signed_in(viewer), WEEK, "figures.csv")
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("figure,title,unit,value,verdict,target")
    assert lines[1].startswith("acme.up,Uptime,%,99.95,ok,99.9,1,7,99.95,99.95,99.95,1,http")
    assert 'filename="weekly_2026-W46.csv"' in answer["Content-Disposition"]


def test_it_says_what_to_do_before_there_is_a_figure(signed_in, viewer, monkeypatch):
    monkeypatch.setattr(headlines, "_entries", {})
    page = get(signed_in(viewer), "2026-W47").content.decode()
    assert "No figure yet" in page


def test_it_shows_times_in_the_readers_zone(signed_in, viewer, published):
    viewer.time_zone = "Asia/Tokyo"
    viewer.save()
    assert "Monday 15:00 JST" in get(signed_in(viewer), WEEK).content.decode()


def test_it_lists_the_weeks_newest_first(signed_in, viewer, published):
    services.report_publish(week=WEEK.plus(-1), zone=VIENNA, now=MONDAY)
    page = signed_in(viewer).get("/reports/weekly/").content.decode()
    assert "<h1>Week 46: a good week.</h1>" in page
    assert page.index("2026-W47") < page.index("2026-W46") < page.index("2026-W45")


def test_it_says_when_the_first_report_comes(signed_in, viewer):
    page = signed_in(viewer).get("/reports/weekly/").content.decode()
    assert "The first report comes" in page
    assert "Monday 07:00 CET" in page


@pytest.mark.parametrize(
    ("hours", "said"),
    [(3, "Preview; publishes <time"), (8, "Preview; it should be out by now")],
)
def test_it_lists_last_week_while_its_report_is_not_out(signed_in, viewer, frozen, hours, said):
    services.report_publish(week=WEEK.plus(-1), zone=VIENNA, now=MONDAY - timedelta(days=7))
    frozen.move_to(MONDAY - timedelta(hours=7) + timedelta(hours=hours))
    page = signed_in(viewer).get("/reports/weekly/").text
    assert "Week 46, 9–15 November 2026" in page
    assert said in page.partition("Week 46,")[2].partition("</li>")[0]


def test_it_lists_no_week_twice(signed_in, viewer, published):
    assert signed_in(viewer).get("/reports/weekly/").text.count("Week 46,") == 1


def test_it_turns_pages_of_a_quarter(signed_in, viewer, uptime, django_assert_max_num_queries):
    Team.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    for back in range(15):
        week = Week(2026, 46).plus(-back)
        services.report_publish(week=week, zone=VIENNA, now=MONDAY + timedelta(days=1))
    client = signed_in(viewer)
    with django_assert_max_num_queries(16):
        page = client.get("/reports/weekly/").content.decode()
    assert '<a href="?after=2026-W34" rel="next">Older weeks</a>' in page
    older = client.get("/reports/weekly/?after=2026-W34").content.decode()
    assert "2026-W33" in older
    assert "2026-W35" not in older


def test_it_leads_to_no_week_before_the_console_began(signed_in, viewer):
    Team.objects.update(created_at=datetime(2026, 11, 17, 8, tzinfo=UTC))
    assert 'rel="prev"' not in get(signed_in(viewer), "2026-W47").content.decode()
