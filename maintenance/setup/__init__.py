"""First visit, and the sample company."""
