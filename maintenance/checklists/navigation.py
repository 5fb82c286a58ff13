"""Where checklists stand in the rail."""

from opsconsole.ui import nav

nav.register("maintenance", nav.Entry("Maintenance", "checklists:list", order=60, key="c"))
