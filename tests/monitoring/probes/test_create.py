"""Making and changing a probe."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from monitoring.probes.models import Probe
from monitoring.probes.services import Pace, probe_create, probe_update
from tests.monitoring import make

URL = "https://shop.example.com/health"


def create(actor, now, **fields):
    defaults: dict[str, Any] = {"service": make.service(), "name": "Health", "config": {"url": URL}}
    return probe_create(actor=actor, now=now, **defaults | fields)


def refusal(actor, now, **fields) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        create(actor, now, **fields)
    return caught.value.message_dict


def test_it_is_due_at_once_with_defaults(manager, now):
    probe = Probe.objects.get(pk=create(manager, now).pk)
    assert (probe.next_at, probe.status, probe.interval) == (now, "unknown", 30)
    assert probe.config["expected_status"] == "200-299"


def test_it_keeps_headers_out_of_plain_sight(manager, now):
    probe = create(manager, now, secrets={"headers": {"Authorization": "Bearer hush"}})
    assert Probe.objects.get(pk=probe.pk).secrets == {"headers": {"Authorization": "Bearer hush"}}
    assert not Probe.objects.extra(where=["secrets LIKE '%%hush%%'"]).exists()


def test_it_needs_a_manager(responder, now):
    with pytest.raises(PermissionDenied):
        create(responder, now)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "whole address"),
        ("ftp://shop.example.com/", "http"),
        ("shop.example.com", "http"),
        ("https://", "whole address"),
        ("https://shop.example.com/a b", "no blanks"),
        ("https://shop.example.com:99999/", "not an address"),
        ("https://joe:hush@shop.example.com/", "Signing in"),
        ("https://intranet.example.com/", "private address"),
    ],
)
def test_it_refuses_an_address_with_a_sentence(manager, now, url, says):
    assert says in refusal(manager, now, config={"url": url})["url"][0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("expected_status", "200-"),
        ("expected_status", "700"),
        ("expected_status", "299-200"),
        ("method", "BREW"),
        ("latency_degraded_ms", "soon"),
        ("keyword_present", "x" * 501),
    ],
)
def test_it_names_the_field_that_is_wrong(manager, now, field, value):
    assert list(refusal(manager, now, config={"url": URL, field: value})) == [field]


def test_it_refuses_a_pace_beyond_its_bounds(manager, now):
    errors = refusal(manager, now, pace=Pace(interval=4, timeout=0, failure_threshold=0))
    assert set(errors) == {"interval", "timeout", "failure_threshold"}


def test_it_refuses_a_header_that_would_smuggle_another(manager, now):
    assert "headers" in refusal(manager, now, secrets={"headers": {"X-A": "1\r\nHost: other"}})


def test_it_refuses_a_second_probe_of_the_same_name(manager, now):
    create(manager, now)
    assert "already" in refusal(manager, now)["name"][0]


def test_it_refuses_a_name_that_somebody_takes_at_the_same_moment(manager, now, monkeypatch):
    save = Probe.save

    def behind_another(probe):
        Probe.objects.bulk_create([Probe(service=probe.service, name=probe.name)])
        save(probe)

    monkeypatch.setattr(Probe, "save", behind_another)
    assert "already" in refusal(manager, now)["name"][0]


def test_it_refuses_down_before_slow(manager, now):
    errors = refusal(manager, now, config={"url": URL, "latency_degraded_ms": 500, "latency_down_ms": 400})
    assert set(errors) == {"latency_down_ms"}


@pytest.mark.parametrize("word", ["keyword_present", "keyword_absent"])
def test_it_looks_for_no_words_where_there_is_no_body(manager, now, word):
    errors = refusal(manager, now, config={"url": URL, "method": "HEAD", word: "Welcome"})
    assert set(errors) == {"method"}


def test_it_keeps_headers_that_are_not_given_when_it_changes(manager, now):
    probe = create(manager, now, secrets={"headers": {"X-Key": "hush"}})
    changed = probe_update(actor=manager, probe=probe, name="Alive", config={"url": URL}, now=now)
    assert (changed.name, changed.secrets, changed.revision) == ("Alive", {"headers": {"X-Key": "hush"}}, 2)


def test_it_forgets_the_certificate_of_another_address(manager, now):
    probe = create(manager, now)
    Probe.objects.update(certificate_seen_at=now, certificate_expires_at=now)
    changed = probe_update(actor=manager, probe=probe, name="Alive", config={"url": URL}, now=now)
    assert (changed.certificate_seen_at, changed.certificate_expires_at) == (None, None)
