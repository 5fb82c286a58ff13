"""Dashboards in the rail, and below them those that come with the console."""

from opsconsole.boards.shipped import SHIPPED
from opsconsole.ui.nav import Entry, register

register("boards", Entry("Dashboards", "boards:list", order=65, key="d"))
for _place, _board in enumerate(SHIPPED.values()):
    register(f"boards.{_board.slug}", Entry(_board.title, f"boards:{_board.slug}", _place, parent="boards"))
