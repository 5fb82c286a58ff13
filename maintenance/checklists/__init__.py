"""Checklists that answer themselves where a machine can know."""
