"""Metrics stand below monitoring, after the heartbeats."""

from opsconsole.ui.nav import Entry, register

register("metrics", Entry("Metrics", "metrics:list", 33, parent="monitoring"))
