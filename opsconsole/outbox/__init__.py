"""Messages to people and systems: a row in the transaction of its cause, sent at least once, always with the same id."""
