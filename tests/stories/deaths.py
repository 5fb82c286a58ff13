"""The way from a failing probe to the report, by processes that are killed at their first, second … write.

`everywhere` runs in a console's environment. Each step begins from a copy of what the steps before it left; a process dies at
its n-th write or commit, another does the same step after it, and what is then in the database must be what a step that
nobody killed leaves. Prints how often each step died; raises AssertionError with the step, the place and the difference.
"""

import gc
import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import time_machine
from django.conf import settings
from django.db import connection, connections
from django.utils.timezone import now

from maintenance.checklists.models import Template
from monitoring.heartbeats.models import Heartbeat, Ping
from monitoring.probes.folding import marks_set
from opsconsole.accounts.models import Team
from opsconsole.health.models import Pulse
from opsconsole.health.services import pulse_beat
from opsconsole.lib.sweeps import sweeps
from tests.sinks import SmtpSink, WebhookSink
from tests.stories import world
from tests.stories.console import free_port

WRITES = ("INSERT", "UPDATE", "DELETE")
MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
SOON, AGAIN = timedelta(minutes=1), timedelta(minutes=10)  # in between, leases of the dead run out
PATH = (
    "probes.run_due",
    "heartbeats.fold_and_judge",
    "response.changes_consume",
    "outbox.deliveries_send",
    "response.pages_settle",
    "checklists.open_due",
    "measures.keep_daily",
    "reports.publish_due",
    "outbox.deliveries_send",
    "response.clocks",
    "probes.fold",
)
WAITS = {
    "outbox.deliveries_send": 2 * SOON,  # what is told of an incident is held for a moment
    "response.clocks": timedelta(hours=2),
    "probes.fold": timedelta(hours=1),
}
"""When there is something to do for those that have nothing to do soon."""
FACTS = (
    "SELECT source, old, new, handled_at IS NULL FROM catalogue_statuschange",
    "SELECT status, leased_until IS NULL FROM probes_probe",
    "SELECT count(*) = (SELECT sum(failures) FROM probes_bucket WHERE size = 60) FROM probes_result",
    "SELECT size, sum(failures) = (SELECT count(*) FROM probes_result) FROM probes_bucket GROUP BY size",
    "SELECT status, count(*) FROM heartbeats_heartbeat GROUP BY status",
    "SELECT outcome, count(*) FROM heartbeats_run GROUP BY outcome",
    "SELECT folded, count(*) FROM heartbeats_ping GROUP BY folded",
    "SELECT number, status, severity, paged_at FROM response_incident",
    "SELECT kind, count(*) FROM response_timelineentry GROUP BY kind",
    "SELECT reason, outcome, count(*) FROM response_page GROUP BY reason, outcome",
    "SELECT topic, about, status, count(*) FROM outbox_delivery GROUP BY topic, about, status",
    "SELECT delivery_id, count(*) FROM outbox_attempt GROUP BY delivery_id",
    "SELECT slug, next_at, leased_until IS NULL FROM checklists_template",
    "SELECT name, due_at, status, (SELECT count(*) FROM checklists_answer a WHERE a.run_id = r.id) FROM checklists_run r",
    "SELECT day, count(*) FROM measures_dailyvalue GROUP BY day",
    "SELECT week, status FROM reports_weeklyreport",
)


def everywhere() -> dict[str, int]:
    """How often each step died."""
    with SmtpSink() as mail, WebhookSink() as hook, time_machine.travel(MONDAY, tick=True):
        settings.EMAIL_URL = mail.url
        with databases() as kept:
            lab = Lab(kept, mail, hook)
            lab.warm_up(lambda: prepare(hook.url))
            lab.process("step0", lambda: prepare(hook.url))
            died = {f"{place} {sweep}": lab.kill_everywhere(place, sweep) for place, sweep in enumerate(PATH)}
            assert all(lab.process(f"step{len(PATH)}", lambda: list(facts()))), "nothing happened"
            return died


def prepare(hook: str) -> None:
    """On a Monday morning: a probe about to fail, two jobs with something to say and one that kept silent, a checklist and a
    report that are due."""
    world.shop(site=f"http://127.0.0.1:{free_port()}/", hook=hook)
    pulse_beat(part="listener", now=now())
    for name, kind in (("Backup", "fail"), ("Import", "success")):
        world.job(name, every=3600)
        Ping.objects.create(heartbeat=Heartbeat.objects.get(name=name), at=now(), kind=kind)
    world.job("Mirror", every=3600)
    long_ago = now() - timedelta(hours=3)
    silent = Heartbeat.objects.filter(name="Mirror")
    heard = {"last_ping_at": long_ago, "counted_from": long_ago, "expected_at": long_ago + timedelta(hours=1)}
    silent.update(status="up", due_at=now(), **heard)
    hour = MONDAY.replace(minute=0)
    marks_set(hours_until=hour, days_until=hour.replace(hour=0), zone_name="UTC")  # it has folded before
    Template.objects.update(next_at=now())
    Team.objects.update(created_at=now() - timedelta(days=1))


class Lab:
    """Processes that work on copies of a database, and what they sent."""

    def __init__(self, kept: "Files", mail: SmtpSink, hook: WebhookSink) -> None:
        self.kept, self.mail, self.hook = kept, mail, hook

    def warm_up(self, prepare: Callable[[], object]) -> None:
        """Once in this process, so that those to come find everything loaded."""
        self.kept.copy("", "step0")
        self.kept.copy("", "trial")
        self.enter("trial")
        prepare()
        for sweep in PATH:
            run(sweep)
        connections.close_all()
        self.kept.rest()
        gc.freeze()

    def enter(self, database: str) -> None:
        connection.settings_dict["NAME"] = self.kept.name(database)

    def kill_everywhere(self, place: int, sweep: str) -> int:
        """Leaves `step<place + 1>` as the step leaves it that nobody killed."""
        self.kept.copy(f"step{place}", f"step{place + 1}")
        _, wanted = self.attempt(f"step{place + 1}", sweep, 0)
        for number in range(1, 100):
            self.kept.copy(f"step{place}", "trial")
            died, found = self.attempt("trial", sweep, number)
            wrong = [pair for pair in zip(found, wanted, strict=True) if pair[0] != pair[1]]
            assert not wrong, f"{sweep} killed at {number} leaves {wrong[0][0]} instead of {wrong[0][1]}"
            if not died:
                return number - 1
        raise AssertionError(f"{sweep} writes without end")

    def attempt(self, database: str, sweep: str, number: int) -> tuple[bool, list[Any]]:
        """Whether it died; and the facts after another process has done it again, with the ids of what was sent."""
        before = self.sent()
        died = self.process(database, lambda: run(sweep, die=number)) is None
        found = self.process(database, lambda: run(sweep, AGAIN) and list(facts()))
        times = self.sent() - before
        assert set(times.values()) <= {1, 2}, f"{sweep} killed at {number} repeats too often"
        return died, [*found, sorted(times)]

    def sent(self) -> Counter[str]:
        """How often each id has gone out so far."""
        mails = [str(m["Message-ID"]).strip("<>").partition("@")[0] for m in self.mail.received]
        return Counter([*mails, *(call.headers["webhook-id"] for call in self.hook.received)])

    def process(self, database: str, work: Callable[[], Any]) -> Any:
        """Do something in a process of its own; what it returned as JSON, or None when it was killed."""
        reading, writing = os.pipe()
        if not (pid := os.fork()):
            self.enter(database)
            os.write(writing, json.dumps(work(), default=str).encode())
            connections.close_all()
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as answer:
            told = answer.read()
        os.waitpid(pid, 0)
        return json.loads(told) if told else None


def run(sweep: str, after: timedelta = timedelta(), die: int = 0) -> bool:
    moment = now() + WAITS.get(sweep, SOON) + after
    Pulse.objects.update(seen_at=moment)  # the listener is there all the time
    if die:
        die_at(die)
    sweeps[sweep].run(moment)
    return True


def die_at(number: int) -> None:
    """kill -9 of this process at its `number`-th write or commit from here on, instead of it."""
    places, commit = count(1), connection._commit  # type: ignore[attr-defined]

    def place() -> None:
        if next(places) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def at_write(execute: Callable[..., Any], sql: str, *others: Any) -> Any:
        if sql.lstrip().startswith(WRITES):
            place()
        return execute(sql, *others)

    def at_commit() -> None:
        place()
        commit()

    connection.execute_wrappers.append(at_write)
    connection._commit = at_commit  # type: ignore[attr-defined]


def facts() -> Iterator[list[str]]:
    with connection.cursor() as cursor:
        for sql in FACTS:
            cursor.execute(sql)
            yield sorted(map(str, cursor.fetchall()))


@contextmanager
def databases() -> Iterator["Files"]:
    original = str(connection.settings_dict["NAME"])
    kept = Files(original) if connection.vendor == "sqlite" else Server(original)
    try:
        yield kept
    finally:
        for name in ("trial", *(f"step{place}" for place in range(len(PATH) + 1))):
            kept.drop(name)


class Files:
    """Databases of SQLite beside the original, whose name is ""."""

    def __init__(self, original: str) -> None:
        self.original = original

    def name(self, of: str) -> str:
        return self.original + of

    def copy(self, old: str, new: str) -> None:
        self.drop(new)  # with the write-ahead log that a killed process left
        shutil.copy(self.name(old), self.name(new))

    def drop(self, name: str) -> None:
        for tail in ("", "-wal", "-shm"):
            Path(self.name(name) + tail).unlink(missing_ok=True)

    def rest(self) -> None:
        """Nothing more to close."""


class Server(Files):
    """Databases of PostgreSQL."""

    def rest(self) -> None:
        connection.close_pool()  # type: ignore[attr-defined] # PostgreSQL's alone

    def copy(self, old: str, new: str) -> None:
        self.drop(new)
        self._do(f'CREATE DATABASE "{self.name(new)}" TEMPLATE "{self.name(old)}"')

    def drop(self, name: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{self.name(name)}" WITH (FORCE)')

    def _do(self, sql: str) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as server:
            server.execute(sql)
