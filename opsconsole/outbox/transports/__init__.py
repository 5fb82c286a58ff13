"""One file a kind of channel; each registers itself."""
