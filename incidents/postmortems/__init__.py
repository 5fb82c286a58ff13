"""Postmortems: drafted from the timeline, with actions that are followed up."""
