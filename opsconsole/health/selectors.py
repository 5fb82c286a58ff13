"""Is the console itself well? Asked by /readyz, the health page, the auditor and a checklist item."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.db.transaction import atomic

from opsconsole.health.models import Gap, Pulse, SweepRun, Switch
from opsconsole.health.watches import Overdue, scarce, watches
from opsconsole.lib import redis

PATIENCE = timedelta(seconds=90)
PATIENCE_IN_LINE = 2_000  # milliseconds; our own transactions take some tens
FULL = 5  # megabytes; with less, the next write may fail


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, and a sentence."""

    name: str
    well: bool
    sentence: str


def late_sweeps(now: datetime) -> list[SweepRun]:
    """Sweeps that did not come to their end within three of their intervals (a minute and a half at least).

    A finish that far ahead was noted by a clock that is set back now, and says nothing either.
    """
    return [
        run
        for run in SweepRun.objects.all()
        if abs(now - (run.finished_at or run.announced_at)) > _patience(run)
    ]


def _patience(run: SweepRun) -> timedelta:
    return max(PATIENCE, timedelta(seconds=3 * run.every_seconds))


def just_back(now: datetime) -> bool:
    """Whether the engine came (back) within the last minutes: what was due meanwhile is being caught up with."""
    lately = now - PATIENCE
    return (
        Gap.objects.filter(part="engine", end__gt=lately).exists()
        or not Pulse.objects.filter(part="engine", started_at__lte=lately).exists()
    )


def still_since(now: datetime) -> datetime | None:
    """Since when the engine has not been seen, where that is too long: what it measures is as old. None of one that never came."""
    pulse = Pulse.objects.filter(part="engine").first()
    return pulse.seen_at if pulse and now - pulse.seen_at > PATIENCE else None


def readiness(now: datetime) -> list[Finding]:
    """Database, disk, broker, sweeps on time. Never raises."""
    database = _look("database", _database, now)
    found = [database, _look("disk", _disk, now), _look("broker", _broker, now)]
    if database.well:  # else to ask it again would only take as long again
        return [*found, _look("sweeps", _sweeps, now)]
    return [*found, Finding("sweeps", False, "cannot be known before the database is well")]


def _look(name: str, look: Callable[[datetime], str], now: datetime) -> Finding:
    try:
        sentence = look(now)
    except (Error, OSError) as error:
        sentence = f"cannot be reached ({type(error).__name__})"
    return Finding(name, not sentence, sentence or "ok")


def _database(_now: datetime) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return _locked(cursor)
        cursor.execute("SELECT 1")
    return ""


def _locked(cursor: CursorWrapper) -> str:
    """SQLite lets in one writer at a time. We stand in its line and go, and write nothing."""
    cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_IN_LINE}")
    try:
        with atomic():  # begins as a writer does: `transaction_mode` of the settings
            cursor.execute("SELECT 1")
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        return "is locked: another process has been writing for seconds, and nothing can be stored meanwhile"
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {connection.settings_dict['OPTIONS']['timeout'] * 1000}")
    return ""


def _disk(_now: datetime) -> str:
    if shortage := scarce(FULL):
        return f"{shortage} Nothing more can be stored until there is room."
    return ""


def _broker(_now: datetime) -> str:
    """In memory the broker lives and dies with the engine, whose pulse the sweeps show."""
    if settings.REDIS_URL:
        try:
            redis.client(settings.REDIS_URL, 1).ping()
        except redis.errors() as error:
            return f"cannot be reached ({type(error).__name__})"
    return ""


def _sweeps(now: datetime) -> str:
    if not SweepRun.objects.exists():
        return "no sweep has run yet; is the engine (worker and beat) started?"
    late = late_sweeps(now)
    return f"late: {', '.join(run.sweep for run in late[:5])}" if late else ""


def overdue(now: datetime) -> list[tuple[str, Overdue]]:
    """What each watch finds, the ones with nothing overdue left out."""
    found = [(name, watch(now)) for name, watch in watches.items()]
    return [(name, one) for name, one in found if one.count]


def switch() -> Switch | None:
    """What the outside dead-man's switch heard, if one is set; an empty one when it has not been called yet."""
    return (Switch.objects.first() or Switch()) if settings.OPSCONSOLE_DEADMAN_URL else None


def pulses() -> list[Pulse]:
    return list(Pulse.objects.order_by("part"))


def gaps() -> list[Gap]:
    """The last twenty."""
    return list(Gap.objects.all()[:20])


def room() -> int | None:
    """Bytes that are free where SQLite writes; None where the disk is a server's, and not ours to see."""
    return shutil.disk_usage(settings.DATA_DIR).free if connection.vendor == "sqlite" else None


def database_bytes() -> int:
    """How large the database is, with its indexes; of SQLite without the write-ahead log."""
    question = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    with connection.cursor() as cursor:
        cursor.execute(question[connection.vendor])
        return int(cursor.fetchone()[0])
