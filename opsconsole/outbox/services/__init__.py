"""The writers: messages are queued and settled, channels are made, changed and tried."""

SWEEP = "outbox.deliveries_send"
