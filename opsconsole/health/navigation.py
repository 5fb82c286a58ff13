"""The health page's place in the rail."""

from opsconsole.ui.nav import Entry, register

register("health", Entry("Health", "health:page", 98, parent="settings"))
