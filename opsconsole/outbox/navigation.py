"""The outbox's places in the rail."""

from opsconsole.ui.nav import Entry, register

register("channels", Entry("Channels", "outbox:channels", 92, parent="settings"))
register("deliveries", Entry("Deliveries", "outbox:deliveries", 93, parent="settings"))
