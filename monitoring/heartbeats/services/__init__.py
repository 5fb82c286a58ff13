"""The writers of heartbeats: what people set, pauses, removals, and the one place where a status changes."""
