"""The settings' place in the rail."""

from opsconsole.ui.nav import Entry, register

register("settings", Entry("Settings", "accounts:team", 90, key="s"))
register("people", Entry("People", "accounts:people", 91, parent="settings"))
register("keys", Entry("API keys", "accounts:keys", 94, parent="settings"))
register("audit", Entry("Audit trail", "accounts:audit", 95, parent="settings", role="owner"))
register("sign-ins", Entry("Failed sign-ins", "accounts:sign_ins", 96, parent="settings", role="responder"))
