"""Inbound: what other systems report, taken by the shapes that they send."""
