"""Nothing comes any more."""

from datetime import datetime, timedelta

from monitoring.alerts.rules.base import Config, Judgement, Kind, Points, judged, kinds, span, unknown
from monitoring.alerts.rules.fields import lasting
from opsconsole.lib.durations import rough, words

BACK = timedelta(days=1)


def judge(points: Points, config: Config, now: datetime) -> Judgement:
    """Fires when the newest value is older than that; where none ever came nobody knows whether one should."""
    least = points.step * (2 if points.step >= BACK else 1)  # the newest whole day is up to two days old
    lasts = max(span(config, "lasts"), least)
    if not points.at:
        return unknown("No value has come for a long time, or none ever came.")
    ago = now - points.at[-1]
    return judged(ago > lasts, f"The newest value is {rough(ago)} old; it fires after {words(lasts)}.")


KIND = kinds.register(
    "absence",
    Kind(
        "absence",
        "Nothing comes any more",
        "Fires when no value came for a while. One that never came does not fire.",
        {"lasts": lasting("For", "Longer than it may be silent.", timedelta(minutes=15))},
        judge,
        lambda config: span(config, "lasts") + 3 * BACK,
    ),
)
