"""Series with a unit and a target are figures: read, judged, kept by the day, and bound by checklists."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from maintenance.checklists import bindings
from monitoring.metrics import folding
from monitoring.metrics.models import Series
from monitoring.metrics.readings import by_hour
from opsconsole.lib import clock
from opsconsole.lib.once import reading
from opsconsole.lib.periods import Period, day
from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import measures
from opsconsole.measures.selectors import read
from opsconsole.measures.services import days_keep

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NAME = "metric:queue"


@pytest.fixture
def queue(stored, now, frozen):
    samples = [(now - i * 10 * MINUTE, float(i % 6)) for i in range(6 * 12)]
    series = stored("queue", *samples, unit="jobs", target=3.0, limit=5.0)
    folding.fold(now)
    return series


def test_it_is_a_figure_with_unit_and_target(queue):
    assert NAME in measures
    assert measures[NAME].title == "queue"
    Series.objects.update(target=None)
    assert NAME not in measures
    assert NAME not in dict(measures.items())


def test_its_page_tells_a_part_from_nothing(stored, signed_in, viewer, now, frozen):
    stored("failing", (now - MINUTE, 0.4), unit="%", target=1.0, limit=5.0)
    page = signed_in(viewer).get("/measures/metric:failing/").text.replace("\u00a0", " ")
    assert "0.4 %" in page and "at most 1 %" in page


def test_it_reads_a_period(queue, now):
    judged = read(NAME, Period(now - 12 * HOUR, now))
    assert judged.reading.value == pytest.approx(2.5, abs=0.1)
    assert judged.verdict == "ok"
    assert judged.reading.coverage == 1


def test_a_short_period_is_read_by_the_minute(queue, now):
    judged = read(NAME, Period(now - 15 * MINUTE, now))
    assert (judged.reading.value, judged.reading.n) == (1.0, 1)


def test_folded_or_not_it_says_the_same(stored, now, frozen):
    stored("queue", *((now - i * 10 * MINUTE, float(i)) for i in range(1, 13)), unit="jobs", target=3.0)
    before = read(NAME, Period(now - 12 * HOUR, now)).reading
    assert before.n == 12
    folding.fold(now + 2 * MINUTE)
    after = read(NAME, Period(now - 12 * HOUR, now)).reading
    assert (after.value, after.n) == (before.value, before.n)


def test_a_time_without_samples_is_unknown(queue, now):
    assert read(NAME, Period(now - 60 * HOUR, now - 40 * HOUR)).verdict == "unknown"


def test_a_time_measured_in_part_is_unknown(queue, now):
    assert read(NAME, Period(now - 100 * HOUR, now)).verdict == "unknown"


def test_a_counter_is_how_much_it_grew(stored, now, frozen):
    samples = [(now - i * MINUTE, 1000.0 - i) for i in range(120)]
    stored("served", *samples, kind="counter", unit="requests", target=1.0, better="higher")
    assert read("metric:served", Period(now - 10 * MINUTE, now)).reading.value == 10
    assert read("metric:served", Period(now - HOUR, now)).reading.value == 60


def test_all_figures_are_read_by_one_query_each_period(stored, now, frozen, django_assert_max_num_queries):
    for i in range(8):
        stored(f"m{i}", (now - MINUTE, 1.0), unit="x", target=3.0)
    with reading(), django_assert_max_num_queries(4):
        for slug in [slug for slug, _ in measures.items() if slug.startswith("metric:")]:
            read(slug, Period(now - HOUR, now))


def test_a_period_that_goes_on_is_read_once_though_the_clock_does(stored, now, django_assert_max_num_queries):
    with time_machine.travel(now):
        for i in range(8):
            stored(f"m{i}", (now - MINUTE, 1.0), unit="x", target=3.0)
        with reading(), django_assert_max_num_queries(5):
            for slug in [slug for slug, _ in measures.items() if slug.startswith("metric:")]:
                assert read(slug, Period(now - 12 * HOUR, now + HOUR)).reading.value == 1.0


@pytest.mark.parametrize("back", [0, 20, 90])
def test_several_at_once_say_what_each_says_alone(stored, now, frozen, back):
    samples = [(now - i * 7 * MINUTE, float(i)) for i in range(60)]
    several = [stored("folded", *samples, kind="counter"), stored("silent", (now - 9 * HOUR, 1.0))]
    folding.fold(now - 2 * HOUR)
    several += [stored("late", *samples[::2]), stored("new", samples[0])]
    first, last, at = (clock.epoch(now - hours * HOUR) - back * 60 for hours in (12, 0, 0))
    alone = {one.pk: by_hour([one], first, last, at)[one.pk] for one in several}
    assert by_hour(several, first, last, at) == alone


def test_its_day_is_kept(queue, now, team):
    vienna, today = ZoneInfo("Europe/Vienna"), date(2026, 11, 18)
    days_keep(first=today, last=today, zone=vienna, now=now + 30 * HOUR)
    assert (
        DailyValue.objects.get(measure=NAME, day=today).value == read(NAME, day(today, vienna)).reading.value
    )


def test_a_checklist_can_ask_for_it(queue):
    assert (NAME, "queue") in dict(bindings.options())["Measures"]


def test_its_pages_open(queue, signed_in, viewer):
    client = signed_in(viewer)
    assert "Metric" in client.get("/measures/").text
    assert client.get(f"/measures/{NAME}/").status_code == 200


def test_its_evidence_shows_the_rows_of_that_time(queue, signed_in, viewer, now):
    url = read(NAME, Period(now - 12 * HOUR, now)).reading.evidence_url
    shown = signed_in(viewer).get(url)
    assert shown.status_code == 200
    assert "<table>" in shown.text
    assert signed_in(viewer).get(url.replace("from=", "from=x")).status_code == 400


def test_it_gives_each_hour_for_a_dashboard(queue, now):
    hourly = measures[NAME].hourly
    assert hourly is not None
    values = hourly(Period(now - 14 * HOUR, now))
    assert values[:2] == [None, None]
    assert values[3:] == [2.5] * 11


def test_it_stands_on_the_dashboard_that_was_chosen(queue):
    assert measures[NAME].boards == ()
    Series.objects.update(board="business", part="requests")
    assert measures[NAME].boards == ("performance", "business")


def test_a_dashboard_is_chosen_on_its_page(queue, signed_in, owner):
    given = {
        "title": "Queue",
        "unit": "jobs",
        "kind": "gauge",
        "better": "lower",
        "target": "3",
        "board": "support",
    }
    signed_in(owner).post(f"/monitoring/metrics/{queue.pk}/edit/", given)
    assert Series.objects.get().board == "support"
    page = signed_in(owner).get("/dashboards/support/?span=24h").text
    assert "Queue" in page
