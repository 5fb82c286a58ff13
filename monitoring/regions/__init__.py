"""Regions: the places that probes are asked from, each known by the workers that report from it."""
