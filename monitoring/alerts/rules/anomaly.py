"""It is not as it usually is: outside the band of median and median deviation."""

from datetime import datetime, timedelta
from statistics import median

from monitoring.alerts.rules.base import Config, Judgement, Kind, Points, judged, kinds, unknown
from monitoring.alerts.rules.fields import choice, number

WEEKS = 6
WEEK, RECENT = timedelta(weeks=1), timedelta(days=7)
LEAST_WEEKS, LEAST = 3, 24
SCALE = 1.4826  # of a median deviation, so that it is a standard deviation where values are normal


def judge(points: Points, config: Config, now: datetime) -> Judgement:
    """Judges the newest value by those of the same hour in the weeks before, or by all of the last week (of days, the last forty)."""
    if not points.at or now - points.at[-1] > 3 * points.step:
        return unknown("There is no value of now.")
    newest, at = points.values[-1], points.at[-1]
    usual, least = _usual(points, str(config["against"]), at)
    if len(usual) < least:
        return unknown(f"It is known {len(usual)} times only; {least} are wanted to say what is usual.")
    middle = median(usual)
    spread = SCALE * median(abs(value - middle) for value in usual) or abs(middle) / 100
    reach = float(config["width"]) * spread
    side = config["side"]
    high, low = newest > middle + reach, newest < middle - reach
    fires = (high and side != "below") or (low and side != "above")
    return judged(
        fires,
        lambda: (
            f"It is {points.said(newest)}; usual is {points.said(middle - reach)} to {points.said(middle + reach)}."
        ),
    )


def _usual(points: Points, against: str, at: datetime) -> tuple[list[float], int]:
    """Values to compare with, and how many are wanted."""
    if against == "recent":
        past = points.between(at - max(RECENT, 40 * points.step), at - points.step)
        return list(past.values), LEAST
    slack = points.step / 2
    weeks = [points.nearest(at - week * WEEK, slack) for week in range(1, WEEKS + 1)]
    return [value for value in weeks if value is not None], LEAST_WEEKS


KIND = kinds.register(
    "anomaly",
    Kind(
        "anomaly",
        "Not as usual",
        "Fires when the value is outside what is usual at this hour of the week, or in the last days.",
        {
            "side": choice(
                "Fires when it is",
                ("both", "too high or too low"),
                ("above", "too high"),
                ("below", "too low"),
            ),
            "against": choice(
                "Usual is",
                ("week", "the same hour of the weeks before"),
                ("recent", "the last 7 days, of daily figures the last 40"),
            ),
            "width": number("Width", "3 is rare, 6 very rare.", least=1, most=1000, initial=4),
        },
        judge,
        lambda _: WEEKS * WEEK + timedelta(hours=2),
        timedelta(minutes=15),
    ),
)
