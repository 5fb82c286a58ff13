"""Hours and days say what their minutes say, also when something comes late."""

from datetime import timedelta

import pytest

from monitoring.metrics import folding, pruning, rolls, stores
from monitoring.metrics.models import Bucket, Series, Size, Stale
from opsconsole.lib import clock

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def totals(size):
    return list(Bucket.objects.filter(size=size).order_by("start").values_list("n", "total"))


def test_it_folds_an_hour_when_it_is_over(stored, now):
    stored("queue", *((now + i * 10 * MINUTE, float(i)) for i in range(6)))
    assert folding.fold(now + HOUR) == 0, "a little later, for what is late"
    assert folding.fold(now + HOUR + MINUTE) == 1
    assert totals(Size.HOUR) == totals(Size.DAY) == [(6, 15.0)]
    assert folding.fold(now + HOUR + MINUTE) == 0


def test_what_comes_late_is_added(stored, now):
    stored("queue", (now, 1.0))
    folding.fold(now + 2 * HOUR)
    stored("queue", (now + MINUTE, 2.0))
    folding.fold(now + 2 * HOUR)
    assert totals(Size.HOUR) == totals(Size.DAY) == [(2, 3.0)]
    assert not Stale.objects.exists()


@pytest.mark.parametrize("kind", ["gauge", "counter", "distribution"])
def test_days_equal_their_minutes(stored, now, kind):
    samples = [(now + i * 7 * MINUTE, float(i * i % 50)) for i in range(60)]
    series = stored("x", *samples[::2], *samples[1::2], kind=kind)
    folding.fold(now + 12 * HOUR)
    at = clock.epoch(now)
    minutes = [roll for roll, _ in stores.between([series.pk], Size.MINUTE, at, at + 86400).values()]
    [(day, _)] = stores.between([series.pk], Size.DAY, at - 86400, at + 86400).values()
    whole = rolls.joined(kind, minutes)
    assert whole
    assert day.total == pytest.approx(whole.total)
    assert (day.n, day.histogram, day.last) == (60, whole.histogram, whole.last)


def test_a_day_is_one_of_the_team(stored, now):
    midnight = now.replace(hour=23)  # in Vienna
    stored("queue", (midnight - MINUTE, 1.0), (midnight, 2.0))
    folding.fold(midnight + 2 * HOUR)
    starts = Bucket.objects.filter(size=Size.DAY).order_by("start").values_list("start", flat=True)
    assert list(starts) == [clock.epoch(midnight) - 86400, clock.epoch(midnight)]


def test_it_notes_the_newest_value_and_how_often_it_comes(stored, now):
    series = stored("queue", *((now + i * 5 * MINUTE, float(i)) for i in range(12)))
    folding.fold(now + 2 * HOUR)
    series.refresh_from_db()
    assert (series.last_value, series.last_at, series.usual_gap) == (11.0, now + 55 * MINUTE, 300)


def test_a_series_that_comes_once_a_day_has_that_gap(stored, now):
    stored("revenue", (now - 20 * HOUR, 1.0), (now, 2.0))
    folding.fold(now + 2 * HOUR)
    assert Series.objects.get().usual_gap == pytest.approx(20 * 3600)


def test_it_forgets_what_is_past_its_time(stored, now, settings):
    series = stored("queue", (now, 1.0))
    folding.fold(now + 2 * HOUR)
    assert pruning.prune(now + timedelta(days=9)) == 1
    assert set(Bucket.objects.values_list("size", flat=True)) == {Size.HOUR, Size.DAY}
    assert pruning.prune(now + timedelta(days=402)) == 1
    Series.objects.filter(pk=series.pk).delete()
    assert pruning.prune(now) == 1
    assert not Bucket.objects.exists()
