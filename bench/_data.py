"""A large database that benchmarks of pages share: made once a day, kept in the temporary folder, made anew when the schema changes.

The sample company's year (incidents, jobs, checklists, messages, reports, kept figures), and beside it 1,000 probes of 100
services: a year of hours and days, two days of minutes, 10 million raw results of the last 30 days, and the outages between.
Today is folded by the console itself, so that its hours look as they do in a console that runs.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opsconsole.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 — after setup
from django.db import connection  # noqa: E402

from bench._measured import write  # noqa: E402
from maintenance.setup.sample.load import sample_load  # noqa: E402
from monitoring.catalogue.models import Service, Tier  # noqa: E402
from monitoring.catalogue.states import Status  # noqa: E402
from monitoring.probes import folding, together  # noqa: E402
from monitoring.probes.models import Bucket, Probe, Size  # noqa: E402
from opsconsole.accounts.models import User  # noqa: E402
from opsconsole.accounts.services import owner_create  # noqa: E402
from opsconsole.lib import clock  # noqa: E402
from opsconsole.lib.periods import midnight  # noqa: E402

SERVICES, PROBES_EACH = 100, 10
DAYS = 400
ZONE = ZoneInfo("Europe/Vienna")
_PREFIX = "opsconsole-bench-"
_ROOT = Path(__file__).parent.parent


def big_database() -> Path:
    """The file, made now if there is none of today (about two minutes and 2 GB). On PostgreSQL somebody has copied it."""
    path = Path(tempfile.gettempdir()) / f"{_PREFIX}{_version()}" / "console.sqlite3"
    if connection.vendor == "sqlite" and not path.exists():
        _make(path)
    return path


@contextmanager
def connected(path: Path) -> Iterator[None]:
    """Django's default connection goes to this SQLite file meanwhile; on PostgreSQL to the copy of it, as it does already."""
    if connection.vendor == "postgresql":
        yield
        return
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _version() -> str:
    """Changes with any migration, with what makes the data, and with the day."""
    digest = hashlib.sha256(str(date.today()).encode())  # noqa: DTZ011 — any day will do
    sources = [Path(__file__), Path(__file__).with_name("_measured.py"), Path(folding.__file__)]
    sources += _ROOT.glob("*/*/migrations/0*.py")
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def _make(path: Path) -> None:
    """Made beside and renamed: a run that was broken off leaves nothing that looks finished."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    now = clock.now().replace(second=0, microsecond=0)
    today = midnight(now.astimezone(ZONE).date(), ZONE)
    with connected(part):
        call_command("migrate", verbosity=0)
        _company(now, today)
    write(part, now=now, today=today, zone=ZONE)
    with connected(part):
        for back in range(DAYS, -1, -1):
            together.make(*(clock.epoch(today - timedelta(days=back - n)) for n in (0, 1)))
        folding.fold(now)
    part.rename(path)
    for old in path.parent.parent.glob(f"{_PREFIX}*"):
        if old != path.parent:
            shutil.rmtree(old, ignore_errors=True)


def _company(now: datetime, today: datetime) -> None:
    owner = owner_create(
        email="owner@example.com", password="bench-bench-bench", name="Olga", team_name="Acme", time_zone=ZONE.key
    )  # fmt: skip
    sample_load(now=now, seed=1, days=DAYS, say=str)
    _unfold(today)
    _probes(owner, now)


def _unfold(today: datetime) -> None:
    """Today of the sample is folded again together with the rest."""
    Bucket.objects.filter(size=Size.HOUR, start__gte=clock.epoch(today)).delete()
    folding.marks_set(hours_until=today, days_until=today, zone_name=ZONE.key)


def _probes(owner: User, now: datetime) -> None:
    services = Service.objects.bulk_create(
        Service(name=f"Service {n:03}", slug=f"service-{n:03}", tier=Tier.values[n % 3], owner=owner)
        for n in range(SERVICES)
    )
    began = now - timedelta(days=DAYS)
    Service.objects.filter(pk__in=[one.pk for one in services]).update(created_at=began)
    probes = Probe.objects.bulk_create(
        _probe(service, n, now) for service in services for n in range(PROBES_EACH)
    )
    Probe.objects.filter(pk__in=[one.pk for one in probes]).update(created_at=began)


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
