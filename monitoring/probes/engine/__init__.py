"""The engine that runs probes. Start at loop.py; every other file is one of its parts."""
