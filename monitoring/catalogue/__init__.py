"""The service catalogue, and the durable record of every change of state."""
