"""Pages of integrations, and the addresses that other systems post to."""
