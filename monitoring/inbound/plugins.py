"""The kinds of integrations: each file in kinds/ registers its own."""

from monitoring.inbound import kinds

kinds.load()
