"""What nobody is told of because something else fires, read once for many questions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property

from monitoring.alerts.inhibiting import Because, Fires, Rule, inhibited
from monitoring.alerts.matching import all_hold
from monitoring.alerts.models import Alert, Inhibition, Silence
from monitoring.alerts.muting import Mute, labels_of

RECHECK = timedelta(minutes=5)  # at the latest, whatever became of the source


def firing() -> dict[int, Alert]:
    rows = Alert.objects.firing().select_related("service").defer("annotations")
    return {alert.pk: alert for alert in rows}


def judged(alerts: Iterable[Alert], rules: Iterable[Rule]) -> dict[int, Because]:
    """By the id of each silent one why it is."""
    return inhibited([Fires(alert.pk, alert.starts_at, labels_of(alert)) for alert in alerts], rules)


def fitting(silence: Silence) -> str:
    """How many of the alerts that fire now a silence is about, as a sentence: who made a slip in a matcher reads it here."""
    rules = silence.rules
    number = sum(all_hold(rules, labels_of(alert)) for alert in firing().values())
    return f"Of the alerts that fire now it fits {number or 'none'}."


class Inhibited:
    """As the rules stand when it is first asked; without a rule one query, else two."""

    @cached_property
    def _rules(self) -> dict[int, Inhibition]:
        return {rule.pk: rule for rule in Inhibition.objects.all()}

    @cached_property
    def _alerts(self) -> dict[int, Alert]:
        return firing() if self._rules else {}

    @cached_property
    def _found(self) -> dict[int, Because]:
        return judged(self._alerts.values(), [row.rule for row in self._rules.values()])

    def source_of(self, alert: Alert) -> int | None:
        """The id of the alert that keeps this one silent. What is over is told: nothing keeps that."""
        because = self._found.get(alert.pk) if alert.is_firing() else None
        return because.source.pk if because else None

    def of_alert(self, alert: Alert, now: datetime) -> Mute | None:
        if self.source_of(alert) is None:
            return None
        because = self._found[alert.pk]
        title = self._alerts[because.source.pk].title
        return Mute(f"“{title}” fires ({self._rules[because.rule].reason})", now + RECHECK)
