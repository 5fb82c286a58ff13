"""Ops Console: the project, and what every department stands on."""

__version__ = "0.1.0"
