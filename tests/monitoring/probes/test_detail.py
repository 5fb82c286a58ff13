"""One probe: the sentence, its figures, where the time goes, what failed, and asking now."""

from collections import Counter
from datetime import timedelta

import pycurl
import pytest

from monitoring.catalogue.states import Status
from monitoring.probes.engine import slots
from monitoring.probes.kinds import Answer
from monitoring.probes.models import Bucket, Failure, Fold, Probe, Size
from opsconsole.lib import histograms
from opsconsole.lib.moments import to_ms
from tests.monitoring import make
from tests.monitoring.catalogue.test_list import heading


def bucket(probe, start, **fields):
    """An hour or a day of a probe that answered 120 times within 100 ms."""
    kept = {
        "size": Size.HOUR,
        "up": 3_600_000,
        "runs": 120,
        "histogram": histograms.encode(Counter({53: 120})),
    }
    kept |= {"latency": 12_000, "dns": 600, "connect": 1_200, "tls": 3_000, "first_byte": 6_000}
    return Bucket.objects.create(probe_id=probe.pk, start=int(start.timestamp()), **(kept | fields))


@pytest.fixture
def folded(db, now):
    """Days are folded up to yesterday, as they are in the morning."""
    for size in (Size.HOUR, Size.DAY):
        until = int((now.replace(hour=23) - timedelta(days=1)).timestamp())
        Fold.objects.create(size=size, until=until, begun=until, zone="Europe/Vienna")


@pytest.fixture
def down(now, owner):
    return make.probe(
        "Checkout",
        status=Status.DOWN,
        status_since=now - timedelta(minutes=8),
        last_outcome=Status.DOWN,
        last_at=now,
        last_error="It answered 502; expected is 200-299.",
        streak=12,
    )


def page(client, probe, **given):
    return client.get(f"/monitoring/probes/{probe.pk}/", given)


def test_it_sends_strangers_to_sign_in(client, owner, down):
    assert page(client, down)["Location"].startswith("/sign-in/")


def test_it_is_not_there_for_an_unknown_one(viewer, signed_in):
    assert signed_in(viewer).get("/monitoring/probes/99/").status_code == 404


def test_it_says_since_when_how_long_and_why(viewer, signed_in, frozen, down):
    shown = page(signed_in(viewer), down)
    assert heading(shown) == "Checkout is down since 08:52 CET, 8 min."
    assert "<p>It answered 502; expected is 200-299.</p>" in shown.content.decode()


def test_it_never_calls_a_probe_up_that_was_not_asked(viewer, signed_in):
    assert heading(page(signed_in(viewer), make.probe("Cart"))) == "Cart has no result yet."


def test_it_says_what_is_not_confirmed_yet(viewer, signed_in, now):
    probe = make.probe(
        status=Status.UP, last_outcome=Status.DOWN, streak=1, last_at=now, last_error="No answer in time."
    )
    shown = page(signed_in(viewer), probe).text
    assert "1 of 2 results in a row say it is down: no answer in time. It asks again in 10 s." in shown


def test_it_says_that_also_of_its_first_result(viewer, signed_in, frozen, now):
    probe = make.probe(
        last_outcome=Status.DOWN, streak=1, last_at=now, last_error="It answered 503.", interval=60
    )
    assert "<b>Pending.</b> 1 of 2 results in a row say it is down" in page(signed_in(viewer), probe).text


def test_it_asks_again_at_its_usual_pace_where_nothing_is_in_doubt(viewer, signed_in, frozen, now):
    probe = make.probe(status=Status.UP, last_outcome=Status.DEGRADED, streak=1, last_at=now)
    assert "say it is degraded. It asks again in 30 s." in page(signed_in(viewer), probe).text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {"content_type": "text/html", "size": 12041},
            "text/html, 12,041 bytes, of which the first 4,096 are shown",
        ),
        (
            {"content_type": "", "size": 2_000_000, "is_cut": True},
            "without a type, more than 2,000,000 bytes, of",
        ),
        ({"content_type": "text/plain", "size": 1}, "text/plain, 1 byte<"),
        ({"size": None}, "What came back</summary>"),
    ],
)
def test_it_says_what_a_failing_answer_was(viewer, signed_in, frozen, now, down, fields, says):
    down.kept_failures.create(at=now, reason="It answered 502.", body="<b>", **fields)
    shown = page(signed_in(viewer), down).text
    assert (says in shown, '<pre tabindex="0">&lt;b&gt;</pre>' in shown) == (True, True)


def test_it_hides_what_one_may_not_do(viewer, responder, manager, signed_in, down):
    shown = page(signed_in(viewer), down).content.decode()
    assert ("Check now" in shown, "Pause" in shown) == (False, False)
    shown = page(signed_in(responder), down).content.decode()
    assert ("Check now" in shown, "Pause" in shown) == (True, False)
    shown = page(signed_in(manager), down).content.decode()
    assert ("Check now" in shown, "Pause" in shown) == (True, True)


def test_it_shows_the_first_answer_before_the_second_settles_the_time(viewer, signed_in, frozen, now):
    probe = make.probe("Checkout", status=Status.UP, last_at=now, last_ms=47)
    bucket(probe, now - timedelta(minutes=1), size=Size.MINUTE, up=0, runs=1, histogram="38:1", latency=47)
    shown = page(signed_in(viewer), probe).content.decode()
    assert "half / 95 % of 1 answer<" in shown
    assert "Where the time goes" in shown
    assert "No answers in these" not in shown


def test_it_shows_latency_and_uptime_of_the_span(viewer, signed_in, frozen, now):
    probe = make.probe()
    bucket(probe, now - timedelta(hours=2), up=3_000_000, down=600_000)
    shown = page(signed_in(viewer), probe).content.decode()
    assert "83.33 %" in shown
    assert "95 % of 120 answers" in shown
    assert "18 Nov 07:00: half within 103 ms, 95 % within 103 ms, 120 answers, 83.33 %, down 10 min" in shown


def answered(seconds: dict[int, float]) -> dict[str, int]:
    """The sums of 120 answers that libcurl timed alike, each from its start, as the engine adds them up."""
    answer = Answer(ms=100)
    slots._phases(answer, lambda which: seconds.get(which, 0.0))
    return {name: 120 * round(getattr(answer, name)) for name in ("dns", "connect", "tls", "first_byte")}


NAMED, CONNECTED = {pycurl.NAMELOOKUP_TIME: 0.005}, {pycurl.CONNECT_TIME: 0.015}
SECURED, BEGUN = {pycurl.APPCONNECT_TIME: 0.040}, {pycurl.STARTTRANSFER_TIME: 0.090}


@pytest.mark.parametrize(
    ("seconds", "spent"),
    [
        (NAMED | CONNECTED | SECURED | BEGUN, [5, 10, 25, 50, 10]),
        (NAMED | CONNECTED | BEGUN, [5, 10, 75, 10]),  # plain HTTP
    ],
)
def test_it_says_where_the_time_goes(viewer, signed_in, frozen, now, seconds, spent):
    probe = make.probe()
    bucket(probe, now - timedelta(hours=1), **answered(seconds))
    found = page(signed_in(viewer), probe).context["page"].phases
    assert [p.ms for p in found] == spent
    assert sum(p.share for p in found) == pytest.approx(1)


NOTHING = {"latency": 0, "dns": 0, "connect": 0, "tls": 0, "first_byte": 0, "histogram": ""}


def test_it_counts_the_time_of_good_answers_alone(viewer, signed_in, frozen, now):
    probe = make.probe()
    bucket(probe, now - timedelta(hours=1))
    bucket(probe, now - timedelta(hours=2), **NOTHING, up=0, down=3_600_000, failures=120)
    bucket(probe, now - timedelta(hours=3), **NOTHING, up=0, unknown=3_600_000)
    assert [p.ms for p in page(signed_in(viewer), probe).context["page"].phases] == [5, 10, 25, 50, 10]


def test_it_keeps_what_came_back_as_text(viewer, signed_in, down, now):
    Failure.objects.create(
        probe=down, at=now, reason="It answered 502.", code=502, ms=31, body="<script>x</script>"
    )
    shown = page(signed_in(viewer), down).content.decode()
    assert "&lt;script&gt;x" in shown
    assert "<script>x" not in shown


def test_it_warns_of_a_certificate_that_ends(viewer, signed_in, frozen, now):
    probe = make.probe(certificate_expires_at=now + timedelta(days=5, hours=1))
    assert "renew it" in page(signed_in(viewer), probe).content.decode()


def test_it_asks_now_and_waits_for_the_answer(responder, signed_in, frozen, now):
    probe = make.probe(status=Status.UP, last_at=now - timedelta(seconds=20))
    client = signed_in(responder)
    waiting = client.post(f"/monitoring/probes/{probe.pk}/check/", follow=True).content.decode()
    assert (
        f'hx-get="/monitoring/probes/{probe.pk}/answer/?asked={to_ms(now)}" hx-trigger="every 1s"' in waiting
    )
    assert Probe.objects.get().next_at == now


def test_it_stops_waiting_when_the_answer_is_there(viewer, signed_in, frozen, down, now):
    answer = signed_in(viewer).get(f"/monitoring/probes/{down.pk}/answer/", {"asked": to_ms(now)})
    assert answer["HX-Redirect"] == f"/monitoring/probes/{down.pk}/?asked={to_ms(now)}"
    assert "hx-trigger" not in answer.content.decode()


def test_it_says_that_the_answer_does_not_come(viewer, signed_in, frozen, down, now):
    frozen.shift(timedelta(minutes=1))
    asked = to_ms(now + timedelta(seconds=1))
    shown = page(signed_in(viewer), down, asked=asked).content.decode()
    assert "Is the engine of the console running?" in shown
    assert "hx-trigger" not in shown


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 30, "٣"])
def test_it_bears_any_moment(viewer, signed_in, down, asked):
    assert page(signed_in(viewer), down, asked=asked).status_code == 200


def test_it_does_not_ask_a_paused_one(responder, signed_in):
    probe = make.probe(is_paused=True, status=Status.PAUSED)
    shown = signed_in(responder).post(f"/monitoring/probes/{probe.pk}/check/", follow=True).content.decode()
    assert "paused; resume it first" in shown


def test_it_lets_no_viewer_ask(viewer, signed_in, down):
    assert signed_in(viewer).post(f"/monitoring/probes/{down.pk}/check/").status_code == 403


def test_it_draws_days_by_the_target_of_the_service(viewer, signed_in, frozen, folded, now):
    probe = make.probe()
    start = now.replace(hour=23) - timedelta(days=2)
    bucket(probe, start, size=Size.DAY, up=85_800_000, down=600_000)
    shown = page(signed_in(viewer), probe).content.decode()
    assert "<title>17 Nov: 99.31 %, down 10 min, measured 100 %</title>" in shown


@pytest.mark.parametrize("count", [0, 60])
def test_it_asks_a_constant_number_of_queries(
    viewer, signed_in, down, now, django_assert_max_num_queries, count
):
    for n in range(count):
        Failure.objects.create(probe=down, at=now - timedelta(minutes=n), reason="It answered 502.")
    client = signed_in(viewer)
    with django_assert_max_num_queries(20):
        page(client, down)
