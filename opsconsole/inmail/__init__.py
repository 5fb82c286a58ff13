"""Mail that comes in: one address for the mail server, and who takes what."""
