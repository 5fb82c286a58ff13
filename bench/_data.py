"""A large database that benchmarks of pages share: made once, kept in the temporary folder, made anew when the schema changes.

1,000 probes of 100 services with a year of hours and days, 10 million raw results of the last 30 days, and the outages between.
Deterministic: the same schema gives the same rows, relative to the hour in which it was made.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opsconsole.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 — after setup
from django.db import connection  # noqa: E402

from monitoring.catalogue.models import Service, Tier  # noqa: E402
from monitoring.catalogue.states import Status  # noqa: E402
from monitoring.probes.models import Probe  # noqa: E402
from opsconsole.accounts.models import Team, User  # noqa: E402
from opsconsole.accounts.roles import Role  # noqa: E402
from opsconsole.lib.periods import midnight  # noqa: E402

SERVICES, PROBES_EACH = 100, 10
RESULTS_EACH, RESULT_DAYS = 10_000, 30
DAYS = 365
ZONE = ZoneInfo("Europe/Vienna")
_PREFIX = "opsconsole-bench-"
_ROOT = Path(__file__).parent.parent


def big_database() -> Path:
    """The file, made now if there is none yet (about two minutes and 2 GB)."""
    path = Path(tempfile.gettempdir()) / f"{_PREFIX}{_version()}" / "console.sqlite3"
    if not path.exists():
        _make(path)
    return path


@contextmanager
def connected(path: Path) -> Iterator[None]:
    """Django's default connection goes to this SQLite file meanwhile."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _version() -> str:
    """Changes with any migration and with this file."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for migration in sorted(_ROOT.glob("*/*/migrations/0*.py")):
        digest.update(migration.read_bytes())
    return digest.hexdigest()[:12]


def _make(path: Path) -> None:
    """Made beside and renamed: a run that was broken off leaves nothing that looks finished."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with connected(part):
        call_command("migrate", verbosity=0)
        _people_and_probes(now)
    database = sqlite3.connect(part)
    database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;")
    _measured(database, now)
    database.executescript("ANALYZE; PRAGMA journal_mode=WAL;")
    database.close()
    part.rename(path)
    for old in path.parent.parent.glob(f"{_PREFIX}*"):
        if old != path.parent:
            shutil.rmtree(old, ignore_errors=True)


def _people_and_probes(now: datetime) -> None:
    Team.objects.create(pk=1, name="Acme", time_zone=ZONE.key, ping_key="benchbenchbenchbench12")
    owner = User.objects.create(email="owner@example.com", name="Olga", role=Role.OWNER, password="!")
    services = Service.objects.bulk_create(
        Service(name=f"Service {n:03}", slug=f"service-{n:03}", tier=Tier.values[n % 3], owner=owner)
        for n in range(SERVICES)
    )
    Probe.objects.bulk_create(_probe(service, n, now) for service in services for n in range(PROBES_EACH))


def _probe(service: Service, n: int, now: datetime) -> Probe:
    key = service.pk * PROBES_EACH + n
    status = Status.DOWN if key % 97 == 0 else Status.DEGRADED if key % 53 == 0 else Status.UP
    return Probe(
        service=service,
        name=f"{service.name}, address {n}",
        config={"url": f"https://service-{service.pk}.example.com/health/{n}"},
        status=status,
        status_since=now - timedelta(hours=key % 700),
        last_outcome=status,
        last_at=now,
        last_ms=40 + key % 300,
        last_code=502 if status == Status.DOWN else 200,
        last_error="It answered 502; expected is 200-299." if status == Status.DOWN else "",
        next_at=now + timedelta(days=3650),
        settled_until=now,
    )


# Every probe has its own base latency, slower by day, and an outage of ten minutes in one hour of 9,973.
_BUCKETS = """
INSERT INTO probes_bucket (probe_id, size, start, up, degraded, down, unknown, maintenance, runs, failures,
                           latency, dns, connect, tls, first_byte, histogram)
SELECT probe, :size, start, length * 1000 - down * 600000, 0, down * 600000, 0, 0, length / 30, down * 20,
       (base + swing) * length / 30, 2 * length / 30, 11 * length / 30, 14 * length / 30, (base + swing - 10) * length / 30,
       printf('%d:%d %d:%d %d:%d', i, length / 60, i + 3, length / 75, i + 9, length / 300)
FROM (SELECT p.id AS probe, s.start, s.length, 40 + p.id * 37 % 300 AS base, s.start / 3600 % 24 * 3 AS swing,
             :size = 3600 AND (p.id * 7919 + s.start / 3600 * 104729) % 9973 = 0 AS down,
             40 + p.id * 37 % 300 / 12 + s.start / 3600 % 24 / 6 AS i
      FROM probes_probe p CROSS JOIN span s ORDER BY p.id, s.start)
"""
_OUTAGES = "SELECT probe_id, start, down FROM probes_bucket WHERE size = 3600 AND down > 0"
_DAY_DOWN = """
UPDATE probes_bucket SET up = up - :down, down = down + :down WHERE probe_id = :probe AND size = 86400 AND start = :start
"""
_RESULTS = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :each - 1)
INSERT INTO probes_result (probe_id, at, outcome, ms, code)
SELECT p.id, :start + n.i * :step, :up, 40 + (p.id * 37 + n.i * 13) % 300, 200
FROM probes_probe p CROSS JOIN n ORDER BY p.id, n.i
"""
_CHANGES = """
INSERT INTO catalogue_statuschange (service_id, source, title, old, new, reason, evidence_url, at, noticed_at, handled_at)
SELECT p.service_id, 'probe:' || p.id, p.name, iif(edge.ends, 'down', 'up'), iif(edge.ends, 'up', 'down'),
       iif(edge.ends, '', 'It answered 502; expected is 200-299.'), '/monitoring/probes/' || p.id || '/',
       datetime(b.start + edge.ends * 600, 'unixepoch'), datetime(b.start + edge.ends * 600, 'unixepoch'),
       datetime(b.start + edge.ends * 600, 'unixepoch')
FROM probes_bucket b JOIN probes_probe p ON p.id = b.probe_id CROSS JOIN (SELECT 0 AS ends UNION ALL SELECT 1) edge
WHERE b.size = 3600 AND b.down > 0 ORDER BY b.start, p.id, edge.ends
"""
_FAILURES = """
INSERT INTO probes_failure (probe_id, at, reason, code, ms, body)
SELECT probe_id, start * 1000, 'It answered 502; expected is 200-299.', 502, 31, '<h1>502 Bad Gateway</h1>'
FROM probes_bucket WHERE size = 3600 AND down > 0 ORDER BY start, probe_id
"""


def _measured(database: sqlite3.Connection, now: datetime) -> None:
    today = now.astimezone(ZONE).date()
    starts = [midnight(today - timedelta(days=back), ZONE) for back in range(DAYS, -1, -1)]
    hours = [now - timedelta(hours=back) for back in range(DAYS * 24, 0, -1)]
    _spans(database, [(hour, hour + timedelta(hours=1)) for hour in hours])
    database.execute(_BUCKETS, {"size": 3600})
    _spans(database, [(s, e) for s, e in zip(starts, [*starts[1:], now], strict=True) if s < e])
    database.execute(_BUCKETS, {"size": 86400})
    days = [int(start.timestamp()) for start in starts]
    outages = database.execute(_OUTAGES).fetchall()
    database.executemany(
        _DAY_DOWN,
        [
            {"probe": probe, "start": days[bisect_right(days, start) - 1], "down": down}
            for probe, start, down in outages
        ],
    )
    marks = [(3600, now, ""), (86400, starts[-1], ZONE.key)]
    database.executemany(
        "INSERT INTO probes_fold (size, until, zone) VALUES (?, ?, ?)",
        [(size, int(until.timestamp()), zone) for size, until, zone in marks],
    )
    step = RESULT_DAYS * 86_400_000 // RESULTS_EACH
    start = int((now - timedelta(days=RESULT_DAYS)).timestamp() * 1000)
    database.execute(_RESULTS, {"each": RESULTS_EACH, "start": start, "step": step, "up": 0})
    database.execute(_CHANGES)
    database.execute(_FAILURES)
    database.commit()


def _spans(database: sqlite3.Connection, spans: list[tuple[datetime, datetime]]) -> None:
    database.execute("CREATE TEMP TABLE IF NOT EXISTS span (start INTEGER PRIMARY KEY, length INTEGER)")
    database.execute("DELETE FROM span")
    rows = [(int(start.timestamp()), int((end - start).total_seconds())) for start, end in spans]
    database.executemany("INSERT INTO span VALUES (?, ?)", rows)
