"""Probes: is it up, as seen from outside."""
