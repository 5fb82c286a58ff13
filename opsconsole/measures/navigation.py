"""Figures stand below the reports."""

from opsconsole.ui import nav

nav.register("measures", nav.Entry("Figures", "measures:list", order=71, parent="reports"))
