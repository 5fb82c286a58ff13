"""Too high or too low for a while."""

from datetime import datetime, timedelta

from monitoring.alerts.rules.base import Config, Judgement, Kind, Points, judged, kinds, span, unknown
from monitoring.alerts.rules.fields import choice, lasting, number
from opsconsole.lib.durations import words


def judge(points: Points, config: Config, now: datetime) -> Judgement:
    """Fires when every value of the last while is beyond the limit; one that is not is enough to end it."""
    lasts = max(span(config, "lasts"), points.step)
    seen, limit = points.last(lasts, now), float(config["limit"])
    if not seen.covers(lasts):
        return unknown(f"There are too few values of the last {words(lasts)}.")
    above = config["side"] == "above"
    worst = min(seen.values) if above else max(seen.values)
    fires = worst > limit if above else worst < limit
    how = ", over" if above else ", under"
    how = how if fires else f"; it fires{how[1:]}"
    return judged(
        fires, lambda: f"It is {seen.said(seen.values[-1])}{how} {seen.said(limit)} for {words(lasts)}."
    )


KIND = kinds.register(
    "threshold",
    Kind(
        "threshold",
        "Threshold for a while",
        "Fires when the value has been beyond a limit all the time.",
        {
            "side": choice("Fires when it is", ("above", "above the limit"), ("below", "below the limit")),
            "limit": number("Limit"),
            "lasts": lasting("For", "“5 min”, “2 h”.", timedelta(minutes=5)),
        },
        judge,
        lambda config: span(config, "lasts"),
    ),
)
