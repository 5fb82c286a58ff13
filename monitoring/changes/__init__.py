"""Changes: deploys, flags and migrations, beside alerts and incidents."""
