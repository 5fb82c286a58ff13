"""The pages of metrics: what they say, who may change what, and how many queries they take."""

from datetime import timedelta

import pytest

from monitoring.metrics import folding
from monitoring.metrics.forms import SeriesForm
from monitoring.metrics.models import PushKey, Series
from tests.monitoring import make

pytestmark = pytest.mark.django_db
URL = "/monitoring/metrics/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def series(stored, now):
    return stored("queue_length", (now - 2 * MINUTE, 4.0), (now - MINUTE, 6.0), unit="jobs")


def text(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_an_empty_list_shows_the_line_that_sends_a_figure(signed_in, manager, frozen):
    shown = text(signed_in(manager), URL)
    assert "/in/metrics/&lt;key&gt;" in shown
    assert "Make a key" in shown


def test_a_list_shows_the_newest_value(signed_in, viewer, series, frozen):
    shown = text(signed_in(viewer), URL)
    assert '<span class="value">6 <small>jobs</small></span>' in shown
    assert "No target" in shown


@pytest.mark.parametrize(
    ("target", "limit", "word"), [(10, None, "On target"), (5, 8, "Off target"), (5, None, "Well off")]
)
def test_it_is_judged_by_its_target(signed_in, viewer, series, frozen, target, limit, word):
    Series.objects.update(target=target, limit=limit)
    assert word in text(signed_in(viewer), URL)


def test_what_has_stopped_is_never_green(signed_in, viewer, series, frozen, now):
    Series.objects.update(target=10)
    folding.fold(now + timedelta(hours=1))
    frozen.shift(timedelta(hours=2))
    client = signed_in(viewer)
    assert '<span class="tag unknown">Stopped</span>' in text(client, URL)
    assert "queue_length stopped coming" in text(client, f"{URL}{series.pk}/")


@pytest.mark.parametrize("span", ["24h", "7d", "30d", "1y", "nonsense"])
@pytest.mark.parametrize("kind", ["gauge", "counter", "distribution"])
def test_each_span_has_chart_and_table(signed_in, viewer, stored, frozen, now, span, kind):
    series = stored("x", *((now - i * 29 * MINUTE, float(i % 7)) for i in range(48)), kind=kind)
    folding.fold(now)
    shown = text(signed_in(viewer), f"{URL}{series.pk}/?span={span}")
    assert "<svg" in shown
    assert "<tbody> <tr>" in shown


def test_percentiles_are_those_of_the_observations(signed_in, viewer, stored, frozen, now):
    took = stored("took", *((now - MINUTE, float(i)) for i in range(1, 1001)), kind="distribution", unit="ms")
    shown = text(signed_in(viewer), f"{URL}{took.pk}/")
    assert all(f'<dt class="label">{p}</dt>' in shown for p in ("p50", "p95", "p99"))


def test_user_text_stays_text(signed_in, viewer, stored, frozen, now):
    series = stored("x", (now, 1.0), title="<script>alert(1)</script>", unit="<b>")
    for url in (URL, f"{URL}{series.pk}/"):
        assert "<script>alert" not in text(signed_in(viewer), url)


def test_the_list_is_narrowed_and_paged(signed_in, viewer, stored, frozen, now):
    for i in range(52):
        stored(f"m{i:02}", (now, 1.0))
    client = signed_in(viewer)
    first, last = text(client, URL), Series.objects.get(name="m49")
    assert f"after={last.pk}" in first
    assert "m50" in text(client, f"{URL}?after={last.pk}")
    assert "No metric fits" in text(client, f"{URL}?q=zzz")


def test_it_asks_as_much_for_many_as_for_one(
    signed_in, viewer, stored, frozen, now, django_assert_max_num_queries
):
    for i in range(30):
        stored(f"m{i}", (now, 1.0))
    client = signed_in(viewer)
    client.get(URL)
    with django_assert_max_num_queries(16):
        client.get(URL)


def test_a_manager_says_what_it_is(signed_in, manager, series, frozen):
    form = {
        "title": "Mails waiting",
        "unit": "mails",
        "kind": "gauge",
        "better": "lower",
        "target": "10",
        "limit": "50",
    }
    answer = signed_in(manager).post(f"{URL}{series.pk}/edit/", form | {"service": make.service().pk})
    assert answer.url == f"{URL}{series.pk}/"
    series.refresh_from_db()
    assert (series.title, series.target, series.limit, series.statistic) == (
        "Mails waiting",
        10.0,
        50.0,
        "mean",
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"target": "soon"}, "Write a number"),
        ({"target": "10", "limit": "5"}, "A limit lies beyond the target"),
        ({"kind": "counter"}, "added up as what it was"),
        ({"every": "a while"}, ""),
    ],
)
def test_it_says_what_makes_no_sense(signed_in, manager, series, frozen, given, said):
    form = {"title": "Mails", "unit": "mails", "kind": "gauge", "better": "lower"}
    answer = signed_in(manager).post(f"{URL}{series.pk}/edit/", form | given)
    assert answer.status_code == 200
    assert said in answer.text


@pytest.mark.parametrize("target", ["1234567", "48123.75", "0.00001", "100"])
def test_a_target_is_shown_as_it_was_written(target):
    form = SeriesForm.of(Series(target=float(target)))
    assert form["target"].value() == target
    assert SeriesForm.base_fields["target"].clean(form["target"].value()) == float(target)


def test_a_key_is_shown_once(signed_in, manager, frozen):
    client = signed_in(manager)
    made = client.post(f"{URL}keys/", {"name": "Shop"}).text
    token = made.split("/in/metrics/")[1].split("<")[0].split()[0]
    assert PushKey.objects.get().prefix == token[:6]
    assert token not in client.get(f"{URL}keys/").text


def test_a_key_is_revoked(signed_in, manager, key, frozen, now):
    signed_in(manager).post(f"{URL}keys/{key.pk}/revoke/")
    assert PushKey.objects.get().revoked_at == now


def test_a_series_is_removed_with_all_of_it(signed_in, manager, series, frozen):
    signed_in(manager).post(f"{URL}{series.pk}/remove/")
    assert not Series.objects.exists()


@pytest.mark.parametrize("path", ["keys/", "{pk}/edit/"])
def test_only_managers_change_things(signed_in, viewer, series, frozen, path):
    assert signed_in(viewer).get(URL + path.format(pk=series.pk)).status_code == 403
