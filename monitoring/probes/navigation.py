"""The entry of probes, below monitoring."""

from opsconsole.ui.nav import Entry, register

register("probes", Entry("Probes", "probes:list", 31, parent="monitoring"))
