"""The rail's entry below incidents."""

from opsconsole.ui.nav import Entry, register

register("postmortems", Entry("Postmortems", "postmortems:list", 22, parent="incidents"))
