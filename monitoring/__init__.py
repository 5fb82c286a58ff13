"""What is: services, probes, heartbeats. It tells; it does not react."""
