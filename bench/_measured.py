"""What 1,000 probes measured in a year, written by SQLite itself. Deterministic: the same moment gives the same rows."""

import sqlite3
from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from opsconsole.lib.periods import midnight

DAYS = 365
RESULTS_EACH, RESULT_DAYS = 10_000, 30
MINUTES = timedelta(days=2)  # as long as minutes are kept
MINE = "p.name LIKE 'Service %, address %'"

# Every probe has its own base latency, slower by day, and an outage of ten minutes in one hour of 9,973.
_BUCKETS = """
INSERT INTO probes_bucket (probe_id, size, start, up, degraded, down, unknown, maintenance, runs, failures,
                           latency, dns, connect, tls, first_byte, histogram)
SELECT probe, :size, start, length * 1000 - down * 600000, 0, down * 600000, 0, 0, length / 30, down * 20,
       (base + swing) * length / 30, 2 * length / 30, 11 * length / 30, 14 * length / 30, (base + swing - 30) * length / 30,
       {histogram}
FROM (SELECT p.id AS probe, s.start, s.length, 40 + p.id * 37 % 300 AS base, s.start / 3600 % 24 * 3 AS swing,
             :size = 3600 AND (p.id * 7919 + s.start / 3600 * 104729) % 9973 = 0 AS down,
             40 + p.id * 37 % 300 / 12 + s.start / 3600 % 24 / 6 AS i, p.id * 31 + s.start / 60 * 17 AS dice
      FROM probes_probe p CROSS JOIN span s WHERE {mine} ORDER BY p.id, s.start)
"""
# Answers in so many of 2,880 runs of a day, from 6 below the usual index on; hours have fewer that are far from it.
_DAY = (6, 20, 58, 130, 260, 420, 520, 500, 390, 270, 160, 90, 40, 16)
_HOUR = (0, 2, 5, 10, 18, 24, 22, 16, 11, 7, 3, 2)
_MINUTE = "printf('%d:1 %d:1', i - dice % 3, i + 1 + dice / 3 % 3)"
_OUTAGES = "SELECT probe_id, start, down FROM probes_bucket WHERE size = 3600 AND down = 600000"
_DAY_DOWN = """
UPDATE probes_bucket SET up = up - :down, down = down + :down WHERE probe_id = :probe AND size = 86400 AND start = :start
"""
_RESULTS = f"""
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :each - 1)
INSERT INTO probes_result (probe_id, at, outcome, ms, code)
SELECT p.id, :start + n.i * :step, :up, 40 + (p.id * 37 + n.i * 13) % 300, 200
FROM probes_probe p CROSS JOIN n WHERE {MINE} ORDER BY p.id, n.i
"""
_CHANGES = """
INSERT INTO catalogue_statuschange (service_id, source, title, old, new, reason, evidence_url, at, noticed_at, handled_at)
SELECT p.service_id, 'probe:' || p.id, p.name, iif(edge.ends, 'down', 'up'), iif(edge.ends, 'up', 'down'),
       iif(edge.ends, '', 'It answered 502; expected is 200-299.'), '/monitoring/probes/' || p.id || '/',
       datetime(b.start + edge.ends * 600, 'unixepoch'), datetime(b.start + edge.ends * 600, 'unixepoch'),
       datetime(b.start + edge.ends * 600, 'unixepoch')
FROM probes_bucket b JOIN probes_probe p ON p.id = b.probe_id CROSS JOIN (SELECT 0 AS ends UNION ALL SELECT 1) edge
WHERE b.size = 3600 AND b.down = 600000 ORDER BY b.start, p.id, edge.ends
"""
_FAILURES = """
INSERT INTO probes_failure (probe_id, at, reason, code, ms, body, content_type, size, is_cut, region)
SELECT probe_id, start * 1000, 'It answered 502; expected is 200-299.', 502, 31, '<h1>502 Bad Gateway</h1>',
       'text/html', 24, false, ''
FROM probes_bucket WHERE size = 3600 AND down = 600000 ORDER BY start, probe_id
"""


def write(path: Path, *, now: datetime, today: datetime, zone: ZoneInfo) -> None:
    """Days and hours before `today` (a midnight), minutes up to `now`, raw results, and what was down."""
    database = sqlite3.connect(path)
    database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;")
    days = _buckets(database, now=now, today=today, zone=zone)
    _downtime(database, days)
    _results(database, now)
    database.execute(_CHANGES)
    database.execute(_FAILURES)
    database.commit()
    database.executescript("ANALYZE; PRAGMA journal_mode=WAL;")
    database.close()


def _buckets(database: sqlite3.Connection, *, now: datetime, today: datetime, zone: ZoneInfo) -> list[int]:
    """Returns the starts of the days."""
    last = today.astimezone(zone).date()
    days = [midnight(last - timedelta(days=back), zone) for back in range(DAYS, -1, -1)]
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    _write(database, 86400, list(pairwise(days)), _spread(_DAY, -6, 2880))
    _write(database, 3600, _steps(days[0], today, hour), _spread(_HOUR, -6, 120))
    _write(database, 60, _steps(now - MINUTES, now, minute), _MINUTE)
    return [int(day.timestamp()) for day in days]


def _steps(start: datetime, end: datetime, step: timedelta) -> list[tuple[datetime, datetime]]:
    count = (end - start) // step
    return [(start + n * step, start + (n + 1) * step) for n in range(count)]


def _spread(counts: tuple[int, ...], first: int, runs: int) -> str:
    """A histogram of which the counts are shares of that many runs."""
    bins = [(first + n, count) for n, count in enumerate(counts) if count]
    places = ", ".join(f"i + {at}, length / 30 * {count} / {runs}" for at, count in bins)
    return f"printf('{' '.join(['%d:%d'] * len(bins))}', {places})"


def _write(
    database: sqlite3.Connection, size: int, spans: list[tuple[datetime, datetime]], histogram: str
) -> None:
    database.execute("CREATE TEMP TABLE IF NOT EXISTS span (start INTEGER PRIMARY KEY, length INTEGER)")
    database.execute("DELETE FROM span")
    rows = [(int(start.timestamp()), int((end - start).total_seconds())) for start, end in spans]
    database.executemany("INSERT INTO span VALUES (?, ?)", rows)
    database.execute(_BUCKETS.format(histogram=histogram, mine=MINE), {"size": size})


def _downtime(database: sqlite3.Connection, days: list[int]) -> None:
    """What the hours were down, their days were too."""
    database.executemany(
        _DAY_DOWN,
        [
            {"probe": probe, "start": days[bisect_right(days, start) - 1], "down": down}
            for probe, start, down in database.execute(_OUTAGES).fetchall()
        ],
    )


def _results(database: sqlite3.Connection, now: datetime) -> None:
    step = RESULT_DAYS * 86_400_000 // RESULTS_EACH
    start = int((now - timedelta(days=RESULT_DAYS)).timestamp() * 1000)
    database.execute(_RESULTS, {"each": RESULTS_EACH, "start": start, "step": step, "up": 0})
