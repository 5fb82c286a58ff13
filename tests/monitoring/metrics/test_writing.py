"""Samples in the database: late ones in their minute, repeated ones once, many pushes as one."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from monitoring.metrics import writing
from monitoring.metrics.inbox import Inbox
from monitoring.metrics.models import Bucket, Series, Size, Stale
from monitoring.metrics.samples import Sample
from monitoring.metrics.writing import Push
from opsconsole.lib import clock
from opsconsole.lib.moments import to_ms

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_sample_that_is_sent_again_changes_nothing(stored, now):
    for _ in range(2):
        series = stored("queue", (now, 4.0), (now + timedelta(seconds=15), 8.0))
    bucket = Bucket.objects.get(series=series)
    assert (bucket.n, bucket.total, bucket.last) == (2, 12.0, 8.0)


def test_each_observation_counts(stored, now):
    for _ in range(2):
        series = stored("took", (now, 40.0), kind="distribution")
    assert Bucket.objects.get(series=series).n == 2


def test_samples_without_a_time_all_count(db, now):
    samples = [Sample("queue", (), value) for value in (1.0, 5.0)]
    writing.write([Push(samples, None, now), Push(samples, None, now)])
    assert Bucket.objects.get().n == 4


def test_a_late_sample_lands_in_its_minute(stored, now):
    series = stored("queue", (now, 1.0), (now - timedelta(hours=20), 9.0), (now - timedelta(seconds=1), 2.0))
    starts = list(Bucket.objects.filter(series=series).order_by("start").values_list("start", "last"))
    assert starts == [
        (clock.epoch(now - timedelta(hours=20)), 9.0),
        (clock.epoch(now - MINUTE), 2.0),
        (clock.epoch(now), 1.0),
    ]
    assert Stale.objects.filter(series=series).count() == 3


def test_many_late_minutes_of_one_series_are_found_again(stored, now):
    times = [(now - i * MINUTE, float(i)) for i in range(30)]
    stored("queue", *times)
    series = stored("queue", *times)
    assert set(Bucket.objects.filter(series=series, size=Size.MINUTE).values_list("n", flat=True)) == {1}


def test_names_that_look_alike_get_slugs_of_their_own(stored, now):
    slugs = {stored(name, (now, 1.0)).slug for name in ("a.b", "a:b", "a-b")}
    assert len(slugs) == 3


def test_a_series_that_was_removed_begins_anew(stored, now):
    stored("queue", (now, 1.0))
    Series.objects.all().delete()
    assert stored("queue", (now, 2.0)).pk


def test_a_kind_that_was_changed_holds_for_what_comes(stored, now):
    stored("took", (now, 1.0))
    Series.objects.update(kind="distribution", changed_at=now + MINUTE)
    series = stored("took", (now + MINUTE, 3.0))
    assert Bucket.objects.filter(series=series).latest("start").histogram


@pytest.mark.django_db(transaction=True)
def test_many_at_once_lose_nothing(team, now):
    inbox, said = Inbox(), list[str]()
    pushes = [
        Push([Sample("queue", (("n", str(i % 3)),), 1.0, to_ms(now) + i)], None, now) for i in range(24)
    ]

    def send(each):
        said.extend(inbox.store(push) for push in each)
        connection.close()

    threads = [threading.Thread(target=send, args=(pushes[i::4],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [""] * 24
    assert sum(Bucket.objects.values_list("n", flat=True)) == 24
