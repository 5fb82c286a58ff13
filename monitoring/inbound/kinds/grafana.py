"""Grafana's webhook: an Alertmanager's with values and links beside each alert."""

from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.kinds.alertmanager import EXAMPLE, v4

SETUP = """Alerting → Contact points → Add contact point
  Integration   Webhook
  URL           {url}
  HTTP method   POST
  Max alerts    0"""

kinds.register(
    "grafana",
    Kind(
        "grafana",
        "Grafana",
        "Alerts of Grafana, with their values and links to dashboard and silence.",
        v4,
        "/in/grafana/{key}",
        SETUP,
        EXAMPLE,
        order=11,
    ),
)
