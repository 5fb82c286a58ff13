"""What a probe finds at real servers on loopback, from the request to the stored result."""

import time

import pytest

from monitoring.probes.engine.batch import run_once
from monitoring.probes.models import Failure, Probe, Result
from tests.monitoring import make

pytestmark = pytest.mark.usefixtures("db", "loopback")


def run(url: str, now, **fields) -> Probe:
    """Run one probe once and return it as stored."""
    probe = make.probe(url=url, next_at=now, **{"failure_threshold": 1, "timeout": 2} | fields)
    assert run_once(now) == 1
    return Probe.objects.get(pk=probe.pk)


def test_it_finds_a_good_answer(target, now):
    probe = run(target.url(), now)
    assert (probe.status, probe.last_code, probe.last_error) == ("up", 200, "")
    assert probe.last_at == now and now < probe.next_at
    assert probe.leased_until is None
    result = Result.objects.get()
    assert (result.at, result.outcome, result.code) == (now, 0, 200)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/status/503", "It answered 503; expected is 200-299."),
        ("/reset", "The connection broke while reading"),
        ("/empty", "The server closed the connection without an answer"),
        ("/garbage", "The answer is not HTTP"),
        ("/loop", "Too many redirects"),
        ("/headers", "The headers of the answer do not end within 300 KB"),
        ("/to/ftp://127.0.0.1/", "Only http and https addresses are called"),
    ],
)
def test_it_says_what_is_wrong(target, now, path, says):
    probe = run(target.url(path), now)
    assert probe.status == "down"
    assert probe.last_error.startswith(says)


def test_it_says_that_nothing_listens(target, now):
    target.close()
    probe = run(target.url(), now)
    assert (probe.status, probe.last_error) == (
        "down",
        f"Nothing accepts connections at 127.0.0.1:{target.port}",
    )


@pytest.mark.parametrize("path", ["/hang", "/drip"])
def test_it_ends_within_its_time_out(target, now, path):
    begun = time.monotonic()
    probe = run(target.url(path), now, timeout=1)
    assert time.monotonic() - begun < 3
    assert (probe.status, probe.last_error[:27]) == ("down", "No complete answer in time ")


def test_it_follows_redirects_or_judges_them(target, now):
    assert run(target.url(f"/to/{target.url()}"), now).last_code == 200
    strict = {"follow_redirects": False, "expected_status": "302"}
    probe = make.probe("Strict", target.url(f"/to/{target.url()}"), next_at=now, config=strict)
    run_once(now)
    assert Probe.objects.get(pk=probe.pk).last_code == 302


def test_it_looks_for_words(target, now):
    probe = run(
        target.url("/words"), now, config={"keyword_present": "is öpen", "keyword_absent": "maintenance"}
    )
    assert probe.status == "up"


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"keyword_present": "closed"}, "The answer does not contain “closed”."),
        ({"keyword_absent": "öpen"}, "The answer contains “öpen”."),
    ],
)
def test_it_misses_or_finds_the_wrong_words(target, now, config, says):
    probe = run(target.url("/words"), now, config=config)
    assert (probe.status, probe.last_error) == ("down", says)


def test_it_tells_slow_from_too_slow(target, now):
    slow = run(target.url("/slow/60"), now, config={"latency_degraded_ms": 50})
    assert slow.status == "degraded"
    make.probe(
        "Slower", target.url("/slow/60"), next_at=now, failure_threshold=1, config={"latency_down_ms": 50}
    )
    run_once(now)
    assert Probe.objects.get(name="Slower").status == "down"


def test_it_keeps_the_beginning_of_a_failing_answer(target, now):
    run(target.url("/status/500"), now)
    failure = Failure.objects.get()
    assert (failure.code, failure.body, failure.at) == (500, "so it is", now)
    assert (failure.content_type, failure.size, failure.is_cut) == ("", 8, False)


def test_it_says_how_much_it_did_not_keep(target, now):
    run(target.url("/big"), now, config={"expected_status": "404"})
    failure = Failure.objects.get()
    assert (len(failure.body), (failure.size or 0) > 1024 * 1024, failure.is_cut) == (4096, True, True)


def test_it_reads_a_megabyte_and_no_more(target, now):
    assert run(target.url("/big"), now).status == "up"
    probe = run(target.url("/big"), now, name="Words", config={"keyword_absent": "y"})
    assert probe.status == "up"


def test_it_sends_what_it_is_told_to(target, now):
    config = {"method": "POST", "body": "a=1", "keyword_present": "X-Key: hush"}
    probe = run(target.url("/echo"), now, config=config, secrets={"headers": {"X-Key": "hush"}})
    assert probe.status == "up"


def test_it_does_not_carry_one_probes_request_into_the_next(target, now):
    make.probe("First", target.url("/echo"), next_at=now, config={"method": "POST", "body": "secret=1"})
    run_once(now)
    make.probe(
        "Second",
        target.url("/echo"),
        next_at=now,
        config={"keyword_absent": "secret", "keyword_present": "GET"},
    )
    run_once(now)
    assert set(Probe.objects.values_list("status", flat=True)) == {"up"}


def test_it_does_not_run_what_is_paused_or_not_due(target, now):
    make.probe("Paused", target.url(), next_at=now, is_paused=True)
    make.probe("Later", target.url(), next_at=now.replace(hour=23))
    assert run_once(now) == 0


def test_it_runs_hundreds_at_once_while_some_hang(target, now):
    for i in range(250):
        make.probe(f"P{i}", target.url("/hang" if i % 50 == 0 else "/ok"), next_at=now, timeout=1)
    begun = time.monotonic()
    assert run_once(now) == 250
    assert time.monotonic() - begun < 10
    assert Probe.objects.filter(status="up").count() == 245


def test_it_asks_an_address_with_letters_of_every_language(target, now):
    probe = run(target.url("/ok/käse?q=ü"), now, secrets={"headers": {"X-Wer": "Zoë"}})
    assert (probe.status, list(target.asked)) == ("up", ["/ok/k%C3%A4se?q=%C3%BC"])
