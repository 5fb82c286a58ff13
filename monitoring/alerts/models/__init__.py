"""Alerts: what rules and other systems say is wrong."""

from monitoring.alerts.models.alerts import Alert, AlertChange, Ledger
from monitoring.alerts.models.groups import Group, Grouping
from monitoring.alerts.models.mutes import Inhibition, Silence, Window
from monitoring.alerts.models.notices import Line, Notice
from monitoring.alerts.models.rules import Rule

__all__ = [
    "Alert",
    "AlertChange",
    "Group",
    "Grouping",
    "Inhibition",
    "Ledger",
    "Line",
    "Notice",
    "Rule",
    "Silence",
    "Window",
]
