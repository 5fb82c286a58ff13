"""Nothing comes any more."""

from datetime import datetime, timedelta

from monitoring.alerts.rules.base import Config, Judgement, Kind, Points, judged, kinds, span, unknown
from monitoring.alerts.rules.fields import lasting
from opsconsole.lib.durations import rough, words

BACK = timedelta(days=1)


def judge(points: Points, config: Config, now: datetime) -> Judgement:
    """Fires when the newest value is older than that; where none ever came nobody knows whether one should."""
    newest = points.newest or (points.at[-1] if points.at else None)
    if newest is None:
        return unknown("No value has come for a long time, or none ever came.")
    # The newest whole day is up to two days old.
    least = points.gap if points.newest else points.step * (2 if points.step >= BACK else 1)
    lasts, ago = max(span(config, "lasts"), least), now - newest
    return judged(
        ago > lasts, lambda: f"The newest value is {rough(ago)} old; it fires after {words(lasts)}."
    )


KIND = kinds.register(
    "absence",
    Kind(
        "absence",
        "Nothing comes any more",
        "Fires when no value came for a while. One that never came does not fire.",
        {"lasts": lasting("For", "Longer than it may be silent.", timedelta(minutes=15))},
        judge,
        lambda config: span(config, "lasts") + timedelta(hours=1),
    ),
)
