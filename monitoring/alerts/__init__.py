"""Alerts: what rules and other systems say is wrong, grouped, silenced and told once."""
