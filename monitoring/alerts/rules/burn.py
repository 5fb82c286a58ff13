"""An error budget burns too fast: seen in a long window and, so that it ends when it is over, in a short one too."""

from datetime import datetime, timedelta
from functools import partial
from statistics import fmean

from monitoring.alerts.rules.base import Config, Judgement, Kind, Points, judged, kinds, unknown
from monitoring.alerts.rules.fields import choice, number
from opsconsole.lib.durations import words

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
# Long window, short window, and how many times faster than even: 2 % of a month's budget in 1 h, 5 % in 6 h.
PAIRS = ((HOUR, 5 * MINUTE, 14.4), (6 * HOUR, 30 * MINUTE, 6.0))


def judge(points: Points, config: Config, now: datetime) -> Judgement:
    """Values are per cent: of what went well, or of what failed."""
    allowed = 100 - float(config["objective"])
    if allowed <= 0:
        return unknown("An objective of 100 % leaves no budget that could burn.")
    known = [_burns(points, pair, config, allowed, now) for pair in PAIRS]
    for (long, _, limit), rate in zip(PAIRS, known, strict=True):
        if rate is not None and rate >= limit:
            return judged(True, partial(_too_fast, long, rate))
    if None in known:
        return unknown("There are too few values of the last hours.")
    return judged(
        False, lambda: f"The budget burns {max(rate or 0 for rate in known):.1f} times as fast as even."
    )


def _too_fast(long: timedelta, rate: float) -> str:
    return f"In the last {words(long)} the budget burns {rate:.1f} times too fast."


def _burns(
    points: Points, pair: tuple[timedelta, timedelta, float], config: Config, allowed: float, now: datetime
) -> float | None:
    """The slower of both windows; None where one is not known."""
    rates = []
    for window in pair[:2]:
        seen = points.last(window, now)
        if not seen.covers(window):
            return None
        mean = fmean(seen.values)
        rates.append((100 - mean if config["values"] == "good" else mean) / allowed)
    return min(rates)


KIND = kinds.register(
    "burn",
    Kind(
        "burn",
        "Error budget burns",
        "Fires when the budget of an objective is used up much faster than evenly, in a long and a short window.",
        {
            "objective": number(
                "Objective, in per cent",
                "99.9 allows 43 min a month; 100 would leave no budget.",
                least=0,
                most=99.9999,
                initial=99.9,
            ),
            "values": choice(
                "The value is", ("good", "per cent that go well"), ("bad", "per cent that fail")
            ),
        },
        judge,
        lambda _: 6 * HOUR,
    ),
)
