"""It rises or falls too fast."""

from datetime import datetime, timedelta

from monitoring.alerts.rules.base import Config, Judgement, Kind, Points, judged, kinds, span, unknown
from monitoring.alerts.rules.fields import choice, lasting, number
from opsconsole.lib.durations import words


def judge(points: Points, config: Config, now: datetime) -> Judgement:
    """Compares the newest value with that of a while ago; a tenth of the while, or two steps, is close enough."""
    over = max(span(config, "over"), points.step)
    slack = max(over / 10, 2 * points.step)
    newest, before = points.nearest(now, slack), points.nearest(now - over, slack)
    if newest is None or before is None:
        return unknown(f"There is no value of {'now' if newest is None else f'{words(over)} ago'}.")
    moved = newest - before
    if config["measured"] == "percent":
        if not before:
            return unknown("It was zero, of which there is no per cent.")
        moved = 100 * moved / abs(before)
    by = moved if config["side"] == "rises" else -moved
    return judged(
        by >= float(config["by"]),
        lambda: f"It went from {points.said(before)} to {points.said(newest)} in {words(over)}.",
    )


KIND = kinds.register(
    "rate",
    Kind(
        "rate",
        "Change within a time",
        "Fires when the value rises or falls by so much within a time.",
        {
            "side": choice("Fires when it", ("rises", "rises"), ("falls", "falls")),
            "by": number("By", least=0),
            "measured": choice("Measured in", ("percent", "per cent"), ("units", "its own unit")),
            "over": lasting("Within", "“1 h”, “7 days”.", timedelta(hours=1)),
        },
        judge,
        lambda config: span(config, "over") * 1.2 + timedelta(hours=1),
    ),
)
