"""The address for pushing: its codes and sentences, and what is stored before it answers."""

import gzip
import time

import pytest
from django.db import OperationalError

from monitoring.metrics import inbox, ingest, writing
from monitoring.metrics.models import Bucket, PushKey, Series
from tests.monitoring import make
from tests.monitoring.metrics.conftest import TOKEN, call

pytestmark = pytest.mark.django_db


def test_it_stores_json_and_answers(push, key):
    assert push({"name": "queue", "value": 12, "labels": {"host": "a"}, "unit": "jobs"}) == (
        200,
        {"ok": True, "samples": 1},
    )
    series = Series.objects.get()
    assert (series.spelling, series.unit, series.kind, series.key) == (
        'queue{host="a"}',
        "jobs",
        "gauge",
        key,
    )
    assert Bucket.objects.get().last == 12


def test_it_stores_the_text_format(push):
    assert push("# TYPE served counter\nserved 5\nbusy 1\n").said["samples"] == 2
    assert set(Series.objects.values_list("name", "kind")) == {("served", "counter"), ("busy", "gauge")}


def test_a_new_series_belongs_to_the_service_of_the_key(push, key):
    PushKey.objects.update(service=make.service())
    push("queue 1")
    assert str(Series.objects.get().service) == "Web shop"


def test_it_takes_all_or_nothing(push):
    assert push("fine 1\nwrong\n").status == 400
    assert not Series.objects.exists()


def test_it_knows_only_open_keys(push, frozen, key):
    assert push("a 1", token="somebody-else").status == 404
    PushKey.objects.update(revoked_at=key.created_at)
    ingest.keys = ingest.Keys()  # as after two seconds
    assert push("a 1").status == 404


def test_a_key_that_was_just_made_opens_at_once(push):
    ingest.keys._read_at = time.monotonic() - 1
    assert push("a 1").status == 200


@pytest.mark.parametrize("body", [" ", b"\xff\xfe"])
def test_it_refuses_what_is_no_text(key, frozen, body):
    body = body if isinstance(body, bytes) else body.encode()
    assert call(f"/in/metrics/{TOKEN}", body).status == 400


def test_it_refuses_what_is_too_large(push):
    answer = push("a 1", CONTENT_LENGTH=str(10**12))
    assert (answer.status, answer.said["reason"]) == (413, "send at most 4,000,000 bytes at once.")


def test_it_refuses_too_many_samples(push, monkeypatch):
    monkeypatch.setattr(ingest, "MOST_SAMPLES", 1)
    assert push("a 1\nb 2").status == 413


def test_it_refuses_more_series_than_a_key_may_have(push, monkeypatch):
    monkeypatch.setattr(writing, "MOST_SERIES", 2)
    push("a 1\nb 1")
    answer = push("a 2\nc 1")
    assert answer.status == 400
    assert "this key has 2 series and would get 1 more; 2 are the most" in answer.said["reason"]
    assert push("a 2").status == 200


def test_it_reads_a_body_that_comes_in_pieces(push):
    assert push("a 1", CONTENT_LENGTH="", **{"wsgi.input_terminated": True}).status == 200


def test_it_takes_what_was_packed(push, monkeypatch):
    packed = gzip.compress(b"a 1")
    assert push(packed, HTTP_CONTENT_ENCODING="gzip").status == 200
    assert "end of the gzip is missing" in push(packed[:9], HTTP_CONTENT_ENCODING="gzip").said["reason"]
    assert "gzip, and is not" in push("a 1", HTTP_CONTENT_ENCODING="gzip").said["reason"]
    assert push(packed, HTTP_CONTENT_ENCODING="br").status == 415
    monkeypatch.setattr(ingest, "LARGEST", 1000)
    assert push(gzip.compress(b"a 1\n" * 1000), HTTP_CONTENT_ENCODING="gzip").status == 413


@pytest.mark.parametrize(
    "body", ['{"name": "\\ud800", "value": 1}', '{"name": "a", "value": 1, "\\ud800": 1}']
)
def test_it_answers_to_half_a_character(push, body):
    assert push(body).status == 400


@pytest.mark.parametrize(("method", "status"), [("GET", 405), ("DELETE", 405)])
def test_it_is_for_posting(db, method, status):
    assert call(f"/in/metrics/{TOKEN}", method=method).status == status


def test_it_hands_on_what_is_not_its_own(db):
    assert call("/in/", method="GET").status == 299


def test_nothing_is_acknowledged_that_is_not_stored(push, monkeypatch):
    def full(_pushes):
        raise OperationalError("disk full")

    monkeypatch.setattr(inbox, "write", full)
    assert push("a 1") == (503, {"ok": False, "reason": "the console could not store this; send it again."})


def test_it_notes_that_the_key_was_used(push, key, now):
    push("a 1")
    key.refresh_from_db()
    assert key.last_used_at == now
