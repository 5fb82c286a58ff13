"""Incoming mail stands below the settings."""

from opsconsole.accounts.roles import Role
from opsconsole.ui.nav import Entry, register

register("inmail", Entry("Incoming mail", "inmail:page", 95, parent="settings", role=Role.MANAGER))
