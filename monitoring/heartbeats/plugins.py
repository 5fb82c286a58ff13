"""What heartbeats tell the catalogue, and the mails that they take."""

from monitoring.catalogue import sources
from monitoring.heartbeats import mails, selectors
from opsconsole.inmail.takers import takers

sources.sources.register("heartbeats", selectors.signals)
sources.states.register("heartbeats", selectors.states)
takers.register("heartbeats", mails.take)
