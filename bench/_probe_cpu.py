"""What a process of the probes' benchmark has used of the processor."""

import resource
from collections.abc import Sequence

import psutil


def cpu(others: Sequence[psutil.Process] = ()) -> float:
    """Seconds of this process, and of the database server's where that is another."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    times = [(used.ru_utime, used.ru_stime), *(process.cpu_times()[:2] for process in others)]
    return float(sum(user + system for user, system in times))
