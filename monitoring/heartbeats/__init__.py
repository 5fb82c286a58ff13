"""Heartbeats: jobs that report that they ran."""
