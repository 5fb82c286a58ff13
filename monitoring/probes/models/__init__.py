"""Probes, what they found, and the roll-ups that pages and reports read."""

from monitoring.probes.models.buckets import Bucket, Fold, Hour, ServiceDay, Size
from monitoring.probes.models.probes import EndingNotice, Finding, Probe, path_of, source_of
from monitoring.probes.models.results import Failure, Result
from monitoring.probes.models.sightings import Sighting, SightingHour, SightingResult
from monitoring.probes.models.trials import RegionTrial

__all__ = [
    "Bucket",
    "EndingNotice",
    "Failure",
    "Finding",
    "Fold",
    "Hour",
    "Probe",
    "RegionTrial",
    "Result",
    "ServiceDay",
    "Sighting",
    "SightingHour",
    "SightingResult",
    "Size",
    "path_of",
    "source_of",
]
