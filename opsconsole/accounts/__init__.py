"""People, roles, sign-in, API keys and the audit trail."""
