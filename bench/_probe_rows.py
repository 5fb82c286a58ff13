"""Rows for the benchmark of probes, and what it reads from them. Import it after Django's set-up."""

from datetime import UTC, datetime

import psutil
from django.db import connection

from monitoring.catalogue.models import Service
from monitoring.probes.models import Probe, Result
from monitoring.probes.pruning import partitions_ensure
from monitoring.probes.states import phase
from opsconsole.lib.moments import to_ms


def make_probes(url: str, count: int, interval: int) -> None:
    now = datetime.now(UTC)
    partitions_ensure(now, now)
    service = Service.objects.create(name="Target", slug="target")
    config = {"url": url, "verify_tls": False}
    Probe.objects.bulk_create(
        Probe(service=service, name=f"Probe {n}", config=config, interval=interval, next_at=now)
        for n in range(count)
    )


def ran() -> int:
    return Result.objects.count()


def lateness(interval: int, since: int) -> list[float]:
    """Seconds after its planned moment that each run since `since` (in milliseconds) started, in ascending order."""
    rows = Result.objects.values_list("probe_id", "at")
    runs = ((pk, to_ms(at)) for pk, at in rows if to_ms(at) >= since)
    return sorted((at - phase(pk, interval * 1000)) % (interval * 1000) / 1000 for pk, at in runs)


def database_processes() -> list[psutil.Process]:
    """Those of the server behind this connection; none for SQLite, which works in our own."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        return [psutil.Process(pid) for (pid,) in cursor.fetchall()]
