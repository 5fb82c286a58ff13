"""Incidents: opened, acknowledged, resolved, with a timeline."""
