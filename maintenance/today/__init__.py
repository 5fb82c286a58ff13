"""The ops manager's page."""
