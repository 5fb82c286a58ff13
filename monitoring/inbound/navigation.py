"""Integrations stand below monitoring, for those who may make keys."""

from opsconsole.accounts.roles import Role
from opsconsole.ui.nav import Entry, register

register("inbound", Entry("Integrations", "inbound:list", 38, parent="monitoring", role=Role.MANAGER))
