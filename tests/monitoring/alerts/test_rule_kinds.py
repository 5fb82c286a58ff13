"""Each kind of rule: what fires it, what does not, and when nobody knows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts.replaying import Stretch, replay
from monitoring.alerts.rules import kinds
from monitoring.alerts.rules.base import Points
from tests.conftest import NOW
from tests.monitoring.alerts.make import points

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THRESHOLD = {"side": "above", "limit": 1, "lasts": 300}
ABSENCE = {"lasts": 900}
RATE = {"side": "rises", "by": 50, "measured": "percent", "over": 3600}
LEAK = {"by": 5, "over": 6 * 3600}
WEEKLY = {"side": "both", "against": "week", "width": 4}
RECENT = WEEKLY | {"against": "recent"}
BURN = {"objective": 99.9, "values": "good"}
CONFIGS: dict[str, Any] = {
    "threshold": THRESHOLD,
    "absence": ABSENCE,
    "rate": RATE,
    "leak": LEAK,
    "anomaly": RECENT,
    "burn": BURN,
}
ROOT = list(range(100, 461))


def newest(minutes, gap=timedelta()):
    """The last sample came so long ago, and the last whole hour ended before that."""
    hours = points([1, None, None], HOUR)
    return replace(hours, newest=NOW - timedelta(minutes=minutes), gap=gap)


def weeks(values, newest):
    """The same hour of so many weeks, and now."""
    past = [NOW - timedelta(weeks=len(values) - n) for n in range(len(values))]
    return Points([*past, NOW], [*values, newest], HOUR)


@pytest.mark.parametrize(
    ("kind", "config", "seen", "verdict"),
    [
        ("threshold", THRESHOLD, points([2] * 5), "firing"),
        ("threshold", THRESHOLD, points([9, 9, 1, 2, 2]), "ok"),
        ("threshold", THRESHOLD, points([1] * 5), "ok"),
        ("threshold", THRESHOLD, points([2, None, None, None, None]), "unknown"),
        ("threshold", THRESHOLD, points([]), "unknown"),
        ("threshold", THRESHOLD | {"side": "below"}, points([0] * 5), "firing"),
        ("threshold", THRESHOLD, points([2], DAY), "firing"),
        ("absence", ABSENCE, points([1]), "ok"),
        ("absence", ABSENCE, points([1] + [None] * 15), "ok"),
        ("absence", ABSENCE, points([1] + [None] * 16), "firing"),
        ("absence", ABSENCE, points([]), "unknown"),
        ("absence", ABSENCE, newest(15), "ok"),
        ("absence", ABSENCE, newest(16), "firing"),
        ("absence", ABSENCE, newest(16, gap=timedelta(minutes=20)), "ok"),
        ("rate", RATE, points([10] * 60 + [15]), "firing"),
        ("rate", RATE, points([10] * 60 + [14]), "ok"),
        ("rate", RATE, points([15] * 60 + [10]), "ok"),
        ("rate", RATE | {"side": "falls", "by": 30}, points([15] * 60 + [10]), "firing"),
        ("rate", RATE | {"measured": "units", "by": 5}, points([0] * 60 + [5]), "firing"),
        ("rate", RATE, points([0] * 60 + [5]), "unknown"),
        ("rate", RATE, points([10, 20]), "unknown"),
        (
            "rate",
            RATE | {"side": "falls", "by": 5, "over": 7 * 86400},
            points([100] * 7 + [94], DAY),
            "firing",
        ),
        ("leak", LEAK, points(ROOT), "firing"),
        ("leak", LEAK, points([100] * 361), "ok"),
        ("leak", LEAK, points(ROOT[::-1]), "ok"),
        ("leak", LEAK, points([min(v, 400) for v in ROOT]), "ok"),
        ("leak", LEAK, points([100 + v % 60 for v in ROOT]), "ok"),
        ("leak", LEAK | {"by": 900}, points(ROOT), "ok"),
        ("leak", LEAK, points(ROOT[:200]), "unknown"),
        ("anomaly", WEEKLY, weeks([10, 11, 10, 9], 40), "firing"),
        ("anomaly", WEEKLY, weeks([10, 11, 10, 9], 12), "ok"),
        ("anomaly", WEEKLY | {"side": "above"}, weeks([10, 11, 10, 9], 0), "ok"),
        ("anomaly", WEEKLY | {"side": "below"}, weeks([10, 11, 10, 9], 0), "firing"),
        ("anomaly", WEEKLY, weeks([10, 11], 40), "unknown"),
        ("anomaly", RECENT, points([10, 11] * 20 + [30], HOUR), "firing"),
        ("anomaly", RECENT, points([10, 11] * 20 + [11], HOUR), "ok"),
        ("anomaly", RECENT, points([10] * 30 + [10], HOUR), "ok"),
        ("anomaly", RECENT, points([3, 4] * 20 + [9], DAY), "firing"),
        ("anomaly", RECENT, points([10, 11] * 20 + [None] * 5, HOUR), "unknown"),
        ("burn", BURN, points([100] * 300 + [98] * 60), "firing"),
        ("burn", BURN, points([100] * 355 + [99.95] * 5), "ok"),
        ("burn", BURN, points([99.9] * 300 + [98] * 55 + [100] * 5), "ok"),
        ("burn", BURN, points([99.3] * 360), "firing"),
        ("burn", BURN | {"values": "bad"}, points([2] * 360), "firing"),
        ("burn", BURN, points([100] * 10), "unknown"),
        ("burn", BURN | {"objective": 100}, points([100] * 360), "unknown"),
    ],
)
def test_it_judges(kind, config, seen, verdict):
    judgement = kinds[kind].judge(seen, config, NOW)
    assert (judgement.verdict, bool(judgement.sentence)) == (verdict, True), judgement.sentence


def test_it_says_what_it_saw():
    said = kinds["threshold"].judge(points([2.5] * 5, unit="%"), THRESHOLD, NOW).sentence
    assert said == "It is 2.5 %, over 1 % for 5 min."


@pytest.mark.parametrize("kind", CONFIGS)
@given(data=st.data())
def test_it_never_looks_ahead(kind, data):
    """What comes later changes nothing of what was said before."""
    values = data.draw(st.lists(st.floats(-1e6, 1e6) | st.none(), min_size=2, max_size=60))
    cut = data.draw(st.integers(1, len(values) - 1))
    start, middle = NOW - HOUR * (len(values) - 1), NOW - HOUR * (len(values) - 1 - cut)
    whole = points(values, HOUR)
    early = replay(kinds[kind], [Stretch(whole.until(middle), start, middle, HOUR)], CONFIGS[kind])
    late = replay(kinds[kind], [Stretch(whole, start, NOW, HOUR)], CONFIGS[kind])
    assert [f.starts_at for f in early] == [f.starts_at for f in late if f.starts_at <= middle]


def test_it_would_have_fired_so_often():
    seen = points([0, 2, 2, 0, 0, 2], HOUR)
    found = replay(kinds["threshold"], [Stretch(seen, NOW - 5 * HOUR, NOW, HOUR)], THRESHOLD)
    assert [(f.starts_at, f.lasted) for f in found] == [(NOW - 4 * HOUR, 2 * HOUR), (NOW, None)]


def test_it_goes_on_through_what_is_not_known():
    past = Stretch(points([2, None, 2], HOUR), NOW - 2 * HOUR, NOW, HOUR)
    found = replay(kinds["threshold"], [past], THRESHOLD)
    assert len(found) == 1
