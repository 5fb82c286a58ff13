"""It rises and does not level off, as memory does that nobody gives back."""

from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from monitoring.alerts.rules.base import Config, Judgement, Kind, Points, judged, kinds, span, unknown
from monitoring.alerts.rules.fields import lasting, number
from opsconsole.lib.durations import words

SLICES = 6
LEVEL = 0.6  # what levels off for a sixth of the time rises half a step there; less than this share ends it


def judge(points: Points, config: Config, now: datetime) -> Judgement:
    """Fires when the medians of six equal parts rise one after the other, by enough in all, and the last as the others did."""
    over = max(span(config, "over"), SLICES * points.step)
    part = over / SLICES
    parts = [points.between(now - over + i * part, now - over + (i + 1) * part).values for i in range(SLICES)]
    if not all(parts):
        return unknown(f"There are too few values of the last {words(over)}.")
    middles = [median(values) for values in parts]
    rises = [later - earlier for earlier, later in pairwise(middles)]
    total = middles[-1] - middles[0]
    enough = total >= float(config["by"]) / 100 * abs(middles[0]) and total > 0
    fires = enough and min(rises) > 0 and rises[-1] >= LEVEL * total / len(rises)
    more = " and has not levelled off" if fires else ""
    return judged(
        fires,
        lambda: (
            f"It went from {points.said(middles[0])} to {points.said(middles[-1])} in {words(over)}{more}."
        ),
    )


KIND = kinds.register(
    "leak",
    Kind(
        "leak",
        "Rise without levelling off",
        "Fires when the value rises all the time and does not slow down, as a memory leak does.",
        {
            "by": number("By at least, in per cent", least=0, initial=5),
            "over": lasting("Within", "Longer than its usual ups and downs.", timedelta(hours=6)),
        },
        judge,
        lambda config: span(config, "over"),
        timedelta(minutes=5),
    ),
)
