"""Reports that nobody has to write."""
