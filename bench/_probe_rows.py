"""Rows for the benchmark of probes, and what it reads from them. Import it after Django's set-up."""

from datetime import UTC, datetime

import psutil
from django.db import connection

from monitoring.catalogue.models import Service
from monitoring.probes.engine.carrier import BEAT
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
    """Seconds between its planned moment and the start of each run since `since` (in milliseconds), in ascending order."""
    rows = Result.objects.values_list("probe_id", "at")
    runs = ((pk, to_ms(at)) for pk, at in rows if to_ms(at) >= since)
    whole = interval * 1000
    after = ((at - phase(pk, whole)) % whole for pk, at in runs)
    return sorted((ms if ms <= whole - BEAT else whole - ms) / 1000 for ms in after)


def database_processes() -> list[psutil.Process]:
    """Those of the server behind this connection; none for SQLite, which works in our own."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        return [psutil.Process(pid) for (pid,) in cursor.fetchall()]
