"""Evidence about accounts and health: those nouns lie below the registry of checks, so the project speaks for them."""

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.urls import reverse

from opsconsole.accounts import selectors, states
from opsconsole.health.models import SweepRun
from opsconsole.health.selectors import late_sweeps
from opsconsole.lib import clock
from opsconsole.lib.durations import rough
from opsconsole.lib.figures import counted, written
from opsconsole.lib.phrases import listed
from opsconsole.measures.checks import Evidence, check
from opsconsole.measures.verdicts import Verdict

FAILURES_TO_LOOK, FAILURES_THAT_ARE_BAD = 5, 20
DISK_TO_LOOK, DISK_THAT_IS_BAD = 0.15, 0.05  # free
BACKUP_IS_FRESH = timedelta(hours=26)
GB, MB = 1e9, 1e6


@check("accounts.failed_sign_ins", title="Nobody tries to guess passwords")
def failed_sign_ins(now: datetime) -> Evidence:
    """More than 5 failures in 24 hours: look; more than 20: bad."""
    failures = selectors.failed_sign_ins(now - timedelta(hours=24))
    count = failures.count()
    verdict = Verdict.LOOK if count > FAILURES_TO_LOOK else Verdict.OK
    if count > FAILURES_THAT_ARE_BAD:
        verdict = Verdict.BAD
    sources = failures.values("ip_address").distinct().count()
    detail = f"in 24 hours, from {counted(sources, 'address', 'addresses')}" if count else "none in 24 hours"
    return Evidence(verdict, f"{count:,}", detail, reverse("accounts:sign_ins"), now)


@check("accounts.locked_out", title="Nobody is locked out")
def locked_out(now: datetime) -> Evidence:
    """Addresses that were locked out in 24 hours: somebody forgot a password, or somebody else guesses it."""
    failures = selectors.failed_sign_ins(now - timedelta(hours=24)).filter(locked_out=True)
    names = sorted({name for name in failures.values_list("username", flat=True) if name})
    detail = _named(names, "locked out after too many failures") if names else "nobody in 24 hours"
    verdict = Verdict.LOOK if names else Verdict.OK
    return Evidence(verdict, f"{len(names)}", detail, reverse("accounts:sign_ins"), now)


@check("accounts.inactive_people", title="Everybody with access still needs it")
def inactive_people(now: datetime) -> Evidence:
    """Open accounts that nobody has signed in to for 30 days."""
    away = [person for person in selectors.people() if states.is_away(person, now)]
    detail = _named(away, "not signed in for 30 days") if away else "everybody signed in within 30 days"
    return Evidence(
        Verdict.LOOK if away else Verdict.OK, f"{len(away)}", detail, reverse("accounts:people"), now
    )


@check("accounts.old_keys", title="API keys are renewed")
def old_keys(now: datetime) -> Evidence:
    """Keys that have been open for over 90 days."""
    old = [key for key in selectors.open_api_keys(now) if states.is_old(key, now)]
    detail = _named([key.name for key in old], "older than 90 days") if old else "none is older than 90 days"
    return Evidence(Verdict.LOOK if old else Verdict.OK, f"{len(old)}", detail, reverse("accounts:keys"), now)


@check("health.sweeps_on_time", title="The console keeps time with its own work")
def sweeps_on_time(now: datetime) -> Evidence:
    late, known = late_sweeps(now), SweepRun.objects.count()
    if not known:
        return Evidence(Verdict.UNKNOWN, "–", "no sweep has run yet", reverse("health:page"), now)
    detail = f"late: {'; '.join(map(str, late[:5]))}" if late else "all within their time"
    verdict = Verdict.BAD if late else Verdict.OK
    return Evidence(verdict, f"{known - len(late)} of {known}", detail, reverse("health:page"), now)


@check("health.disk_space", title="The console's disk has room")
def disk_space(now: datetime) -> Evidence:
    """Of the disk with the data folder: less than 15 % free is worth a look, less than 5 % is bad."""
    disk = shutil.disk_usage(settings.DATA_DIR)
    free = disk.free / disk.total
    verdict = (
        Verdict.OK if free >= DISK_TO_LOOK else Verdict.LOOK if free >= DISK_THAT_IS_BAD else Verdict.BAD
    )
    value = str(written(100 * free, "%"))
    said = f"{disk.free / GB:,.1f} of {disk.total / GB:,.1f} GB free where the console keeps its data"
    return Evidence(verdict, value, said, reverse("health:page"), now)


@check("health.own_backup", title="The console itself was backed up")
def own_backup(now: datetime) -> Evidence:
    """The newest file in backups/ of the data folder: older than 26 hours is bad, none is not verified."""
    url, folder = reverse("health:page"), Path(settings.DATA_DIR) / "backups"
    if connection.vendor != "sqlite":
        said = (
            "this console is on PostgreSQL: let the job that runs pg_dump ping a heartbeat, and ask for that"
        )
        return Evidence(Verdict.UNKNOWN, "–", said, url, now)
    files = sorted(folder.glob("console-*.tar.gz"), key=lambda file: file.stat().st_mtime)
    if not files:
        said = "no backup in the data folder: let a job run “manage.py backup” each night, or look where yours are"
        return Evidence(Verdict.UNKNOWN, "–", said, url, now)
    facts = files[-1].stat()
    age = now - clock.moment(facts.st_mtime)
    verdict = Verdict.OK if age <= BACKUP_IS_FRESH else Verdict.BAD
    return Evidence(verdict, f"{rough(age)} old", f"{files[-1].name}, {facts.st_size / MB:,.1f} MB", url, now)


def _named(things: Sequence[object], said: str) -> str:
    """At most three by name: “Mara, Vera and 2 more: not signed in for 30 days”."""
    return f"{listed(things, 3)}: {said}"
