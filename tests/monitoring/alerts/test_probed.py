"""Rules on what probes find: the share of good answers, and how fast they are."""

from datetime import timedelta

import pytest

from monitoring.alerts.models import Alert
from monitoring.alerts.replaying import preview
from monitoring.alerts.rules import kinds
from monitoring.alerts.subjects import choices, points_of, title_of
from monitoring.alerts.tasks import judge
from monitoring.probes.models import Bucket, Size
from opsconsole.lib import histograms
from tests.conftest import NOW
from tests.monitoring import make as made
from tests.monitoring.alerts import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
UNREACHABLE = {"side": "below", "limit": 1, "lasts": 120}


@pytest.fixture
def probe():
    return made.probe(interval=30)


def asked(probe, *failures, size=Size.MINUTE, end=NOW, ms=200.0):
    """Two answers in each bucket, of which so many failed; the last bucket ends at `end`. None where nobody asked."""
    for back, failed in enumerate(reversed(failures), 1):
        if failed is not None:
            start = int(end.timestamp()) - back * size
            kept = histograms.encode(histograms.of([ms] * (2 - failed)))
            Bucket.objects.create(
                probe_id=probe.pk, size=size, start=start, runs=2, failures=failed, histogram=kept
            )


def values(probe, key, span=10 * MINUTE, now=NOW + MINUTE / 2, **more):
    return points_of([f"probe:{probe.pk}:{key}"], span, now, **more)[f"probe:{probe.pk}:{key}"]


def test_it_gives_the_share_of_good_answers_of_each_minute(probe):
    asked(probe, 0, 1, None, 2)
    found = values(probe, "good")
    assert (found.values, found.unit) == ([100, 50, 0], "%")
    assert found.at == [NOW - 3 * MINUTE, NOW - 2 * MINUTE, NOW]


def test_it_says_how_fast_those_are_that_came(probe):
    asked(probe, 0, 2, 0)
    assert values(probe, "p95").values == pytest.approx([200, 200], rel=0.05)


def test_it_leaves_out_the_minute_that_goes_on(probe):
    asked(probe, 0, 2)
    assert values(probe, "good", now=NOW - MINUTE / 2).values == [100]


def test_it_fires_when_nothing_answers_for_two_minutes_and_ends_when_it_does_again(probe):
    asked(probe, 0, 0, 0, 2, 2)
    make.rule("threshold", subject=f"probe:{probe.pk}:good", config=UNREACHABLE)
    judge(NOW + MINUTE / 2)
    assert Alert.objects.get().is_firing()
    asked(probe, 0, 0, 0, end=NOW + 3 * MINUTE)
    judge(NOW + 3.5 * MINUTE)
    assert not Alert.objects.get().is_firing()


def test_it_knows_nothing_while_nobody_asks(probe):
    asked(probe, 0, 2, end=NOW - HOUR)
    rule = make.rule("threshold", subject=f"probe:{probe.pk}:good", config=UNREACHABLE)
    judge(NOW)
    rule.refresh_from_db()
    assert (rule.verdict, Alert.objects.count()) == ("unknown", 0)


def test_it_lets_a_value_stand_until_a_slow_probe_asks_again():
    slow = made.probe(interval=300)
    asked(slow, 2, None, None, None, None)
    found = values(slow, "good", span=2 * MINUTE)
    assert (found.values, found.step) == ([0], 6 * MINUTE)


def test_it_says_when_it_would_have_fired(probe):
    asked(probe, *[0] * 60, *[2] * 4, *[0] * 60)
    asked(probe, *[0] * 24 * 9, 2, 2, *[0] * 24, size=Size.HOUR)
    found = preview(kinds["threshold"], f"probe:{probe.pk}:good", UNREACHABLE, NOW)
    assert found.heading == "It would have fired twice."
    assert "by the minute" in found.method


def test_it_is_chosen_by_its_name(probe):
    listed = dict(choices())["Probes, by the minute"]
    assert (f"probe:{probe.pk}:good", "Web shop: Front page, good answers (%)") in listed
    assert title_of(f"probe:{probe.pk}:p95") == "Web shop: Front page, 95 of 100 answer within"


@pytest.mark.parametrize("subject", ["probe:0:good", "probe:x:p95", "probe:1:none", "probe:"])
def test_it_leaves_out_what_is_no_probe_of_ours(subject):
    assert points_of([subject], HOUR, NOW) == {}
    assert title_of(subject) == subject


def test_it_reads_all_probes_by_two_queries(probe, django_assert_num_queries):
    subjects = [f"probe:{one.pk}:{key}" for one in (probe, made.probe("Cart")) for key in ("good", "p95")]
    with django_assert_num_queries(2):
        assert len(points_of(subjects, HOUR, NOW)) == 4
