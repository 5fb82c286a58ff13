"""Whether probes ran on time."""

from itertools import pairwise
from statistics import median

from tests.stories.console import Console

INTERVAL, USUAL, WORST = 5_000, 2_000, 5_000
"""Of the quick probes; how late half of the runs and the worst may start, in milliseconds. The machine may be slow at times."""
STARTS = """
SELECT probe_id, at FROM probes_result WHERE probe_id IN (SELECT id FROM probes_probe WHERE name LIKE %s) ORDER BY at
"""


def on_time(running: Console, names: str = "%", since: int = 0) -> None:
    """Of the probes whose names are like this, in the results from `since` on (milliseconds since 1970)."""
    starts = [(probe, at) for probe, at in running.rows(STARTS, names) if at >= since]
    late = [
        after - before - INTERVAL
        for probe in {probe for probe, _ in starts}
        for before, after in pairwise(at for whose, at in starts if whose == probe)
    ]
    assert late and median(late) < USUAL and max(late) < WORST
