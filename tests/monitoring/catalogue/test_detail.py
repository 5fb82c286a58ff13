"""One service: the sentence, the figures with their method, what watches it, and the changes."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.catalogue.histories import Slice
from monitoring.catalogue.services import status_change_record
from monitoring.catalogue.states import Status
from opsconsole.lib import histograms
from tests.monitoring import make
from tests.monitoring.catalogue.test_list import heading

URL = "/monitoring/services/web-shop/"


@pytest.fixture
def shop(db):
    return make.service("Web shop")


def change(service, new, at, old=Status.UP, reason="", source="probe:1"):
    return status_change_record(
        service_id=service.pk, source=source, title="Front page", old=old, new=new, reason=reason,
        at=at, noticed_at=at, evidence_url="/monitoring/probes/1/",
    )  # fmt: skip


def test_it_sends_strangers_to_sign_in(client, owner, shop):
    assert client.get(URL)["Location"].startswith("/sign-in/")


def test_it_is_not_there_for_an_unknown_slug(viewer, signed_in):
    assert signed_in(viewer).get(URL).status_code == 404


def test_it_says_since_when_and_why(viewer, signed_in, frozen, shop, watched, measured):
    watched(shop, Status.DOWN, "It answered 502; expected is 200-299.", title="Checkout")
    page = signed_in(viewer).get(URL)
    assert heading(page) == "Web shop is down since 08:00 CET."
    assert "<p>Checkout: it answered 502; expected is 200-299.</p>" in page.content.decode()
    assert "/incidents/?service=web-shop" in page.content.decode()


def test_it_waits_for_the_first_result_and_spends_no_budget_unmeasured(
    viewer, signed_in, frozen, shop, watched, measured
):
    watched(shop, Status.UNKNOWN, "", title="Checkout", since=None)
    page = signed_in(viewer).get(URL)
    assert heading(page) == "Web shop has no result yet."
    assert 'hx-trigger="every 3s"' in page.content.decode()
    assert "43 min 12 s allowed, November not measured yet" in page.content.decode()


def test_it_says_the_next_step_where_nothing_watches(viewer, signed_in, shop, watched, measured):
    page = signed_in(viewer).get(URL)
    assert heading(page) == "Web shop is not watched yet."
    assert "nobody would hear of an outage" in page.content.decode()


def test_it_prints_the_error_budget_with_its_method(viewer, signed_in, frozen, shop, watched, measured):
    start = datetime(2026, 11, 16, 23, tzinfo=UTC)
    measured.append(Slice(shop.pk, start, 86400, 85_800, 0, 600))
    page = signed_in(viewer).get(URL).content.decode()
    assert "33 min 12 s" in page
    assert "10 min spent</b> of 43 min 12 s: 99.9 % of 30 days" in page
    assert "99.31 %" in page


def test_it_leaves_the_months_before_out_of_the_budget(viewer, signed_in, frozen, shop, watched, measured):
    measured.append(Slice(shop.pk, datetime(2026, 10, 30, 23, tzinfo=UTC), 86400, 80_000, 0, 6_400))
    measured.append(Slice(shop.pk, datetime(2026, 11, 16, 23, tzinfo=UTC), 86400, 80_000, 0, 0))
    assert "0 s spent</b> of 43 min 12 s" in signed_in(viewer).get(URL).content.decode()


def test_it_says_that_a_budget_is_used_up(viewer, signed_in, frozen, shop, watched, measured):
    measured.append(Slice(shop.pk, datetime(2026, 11, 16, 23, tzinfo=UTC), 86400, 80_000, 0, 6_400))
    assert "used up" in signed_in(viewer).get(URL).content.decode()


def test_it_shows_latencies_with_a_table_behind(viewer, signed_in, frozen, shop, watched, measured, now):
    answers = histograms.encode(histograms.of([100] * 90 + [800] * 10))
    measured.append(Slice(shop.pk, now - timedelta(hours=2), 3600, 3600, 0, 0, (answers,)))
    page = signed_in(viewer).get(URL).content.decode()
    assert "103<small> / 825 ms</small>" in page
    assert "18 Nov 07:00: half within 103 ms, 95 % within 825 ms, 100 answers" in page
    assert "<td>18 Nov 07:00</td>" in page


@pytest.mark.parametrize("span", ["24h", "7d", "30d", "1y", "", "<b>", "9y"])
def test_it_shows_any_span(viewer, signed_in, shop, watched, measured, span):
    assert signed_in(viewer).get(URL, {"span": span}).status_code == 200


def test_it_links_the_last_outage_to_its_evidence(viewer, signed_in, frozen, shop, watched, measured, now):
    change(shop, Status.DOWN, now - timedelta(days=2), reason="answers 502")
    change(shop, Status.UP, now - timedelta(days=2) + timedelta(minutes=18), old=Status.DOWN)
    page = signed_in(viewer).get(URL).content.decode()
    assert (
        'href="/monitoring/probes/1/"><span class="label">Last outage</span><span class="figure">18 min'
        in page
    )
    assert "before: up. answers 502" in page


def test_it_counts_an_outage_that_lasts_up_to_now(viewer, signed_in, frozen, shop, watched, measured, now):
    change(shop, Status.DOWN, now - timedelta(minutes=8))
    assert '>Outage now</span><span class="figure">8 min' in signed_in(viewer).get(URL).content.decode()


def test_it_counts_an_outage_that_lasts_rather_than_a_newer_one(
    viewer, signed_in, frozen, shop, watched, measured, now
):
    change(shop, Status.DOWN, now - timedelta(minutes=8))
    change(shop, Status.DOWN, now - timedelta(minutes=5), source="probe:2")
    change(shop, Status.UP, now - timedelta(minutes=4), old=Status.DOWN, source="probe:2")
    assert '>Outage now</span><span class="figure">8 min' in signed_in(viewer).get(URL).content.decode()


def test_it_pages_through_changes(viewer, signed_in, shop, watched, measured, now):
    for n in range(25):
        change(shop, Status.DOWN, now - timedelta(days=30 - n), reason=f"reason {n} ")
    client = signed_in(viewer)
    first = client.get(URL)
    assert "reason 24 " in first.content.decode()
    older = client.get(URL, {"after": first.context["cursor"]}).content.decode()
    assert ("reason 4 " in older, "reason 24 " in older) == (True, False)


def test_it_keeps_what_people_wrote_as_text(viewer, signed_in, watched, measured):
    service = make.service("<script>x</script>", slug="evil", description="<img src=x>")
    watched(service, Status.DOWN, "<b>bad</b>")
    page = signed_in(viewer).get("/monitoring/services/evil/").content.decode()
    assert "<script>x" not in page
    assert "<img src=x>" not in page
    assert "<b>bad" not in page


@pytest.mark.parametrize("count", [1, 60])
def test_it_asks_a_constant_number_of_queries(
    viewer, signed_in, shop, now, django_assert_max_num_queries, count
):
    for n in range(count):
        make.probe(f"Page {n}", service=shop)
        shop.depends_on.add(make.service(f"Below {n}"))
        change(shop, Status.DOWN, now)
    client = signed_in(viewer)
    with django_assert_max_num_queries(24):
        client.get(URL)


def test_it_opens_links_at_the_time_shown_and_names_requirements(viewer, signed_in, frozen, shop, now):
    shop.links = [{"title": "Logs", "url": "https://logs.example.com/?to={to_s}"}]
    shop.requirements = ["REQ-1", "REQ-2"]
    shop.save()
    page = signed_in(viewer).get(URL).text
    assert (
        f'<a href="https://logs.example.com/?to={int(now.timestamp())}" rel="noopener noreferrer">Logs</a>'
        in page
    )
    assert "<dd>REQ-1, REQ-2</dd>" in page


def test_it_shows_how_the_budget_burns(viewer, signed_in, frozen, shop, watched, measured):
    watched(shop)
    measured.append(Slice(shop.pk, datetime(2026, 11, 9, 23, tzinfo=UTC), 86400, 85800, 0, 600))
    page = signed_in(viewer).get(URL).text
    assert "Error budget of November" in page
    assert "10 Nov: 33" in page and "left, down 10" in page
