"""What heartbeats tell the catalogue."""

from monitoring.catalogue import sources
from monitoring.heartbeats import selectors

sources.sources.register("heartbeats", selectors.signals)
sources.states.register("heartbeats", selectors.states)
