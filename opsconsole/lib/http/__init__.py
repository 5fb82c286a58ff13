"""The one way out: every outgoing call is made through here, with a time-out, a size cap and the address guard."""
