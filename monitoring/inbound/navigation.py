"""Errors stand below monitoring, and integrations, for those who may make keys."""

from opsconsole.accounts.roles import Role
from opsconsole.ui.nav import Entry, register

register("errors", Entry("Errors", "inbound:errors", 36, parent="monitoring"))
register("inbound", Entry("Integrations", "inbound:list", 38, parent="monitoring", role=Role.MANAGER))
