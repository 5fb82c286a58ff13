"""Changes stand below monitoring."""

from opsconsole.ui.nav import Entry, register

register("changes", Entry("Changes", "changes:list", 37, parent="monitoring"))
