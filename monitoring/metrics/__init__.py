"""Metrics: figures from outside, pushed or fetched, kept as roll-ups."""
