"""The console watches itself: sweeps on time, gaps while it was not listening, overdue work."""
