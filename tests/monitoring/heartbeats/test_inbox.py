"""Group commit: nothing is acknowledged that is not stored, and one bad row takes no other with it."""

import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from threading import Event

import pytest
from django.db import connection

from monitoring.heartbeats.addresses import Call
from monitoring.heartbeats.inbox import BUSY, STORED, UNKNOWN, Inbox
from monitoring.heartbeats.models import Ping
from monitoring.heartbeats.stores import Gone, Row, SqliteStore
from opsconsole.health.models import Pulse
from tests.monitoring import make

ROW = Row(0, datetime(2026, 11, 18, tzinfo=UTC), "success", None, None, "", "", "", "GET")
KEY = "a" * 32


class FakeStore:
    """One heartbeat with KEY; `fails` are raised by the next inserts."""

    def __init__(self, *fails: BaseException) -> None:
        self.groups: list[int] = []
        self.fails = list(fails)
        self.entered, self.go = Event(), Event()
        self.go.set()

    def query(self, sql):
        return [(1, 0, "pk")] if "SELECT (" in sql else [(1, KEY, "job")]

    def insert(self, rows):
        self.entered.set()
        self.go.wait(5)
        if self.fails:
            raise self.fails.pop(0)
        self.groups.append(len(rows))

    def close(self):
        pass


@pytest.fixture
def inbox_of(monkeypatch):
    """An inbox over a fake store, without a database."""
    monkeypatch.setattr("monitoring.heartbeats.inbox.beat", lambda: None)
    made = []

    def build(store: FakeStore) -> Inbox:
        made.append(Inbox(lambda: store))
        return made[-1]

    yield build
    for inbox in made:
        inbox.stop()


def test_it_acknowledges_what_was_committed(inbox_of):
    store = FakeStore()
    assert inbox_of(store).store(Call(KEY), ROW) == STORED
    assert store.groups == [1]


def test_it_never_acknowledges_a_failed_commit(inbox_of):
    inbox = inbox_of(FakeStore(sqlite3.OperationalError("database is locked")))
    assert inbox.store(Call(KEY), ROW) == BUSY
    assert inbox.store(Call(KEY), ROW) == STORED


def test_it_does_not_know_a_stranger(inbox_of):
    store = FakeStore()
    assert inbox_of(store).store(Call("b" * 32), ROW) == UNKNOWN
    assert store.groups == []


def test_it_looks_again_when_a_heartbeat_went_meanwhile(inbox_of):
    assert inbox_of(FakeStore(Gone())).store(Call(KEY), ROW) == STORED


def test_it_gives_up_on_a_group_that_stays_refused(inbox_of):
    assert inbox_of(FakeStore(Gone(), Gone())).store(Call(KEY), ROW) == BUSY


def test_it_commits_together_what_has_gathered(inbox_of):
    store = FakeStore()
    store.go.clear()
    inbox, limit = inbox_of(store), time.monotonic() + 5
    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(inbox.store, Call(KEY), ROW)]
        store.entered.wait(5)
        answers += [pool.submit(inbox.store, Call(KEY), ROW) for _ in range(19)]
        while inbox._queue.qsize() < 19 and time.monotonic() < limit:
            time.sleep(0.001)
        store.go.set()
    assert {a.result() for a in answers} == {STORED}
    assert store.groups == [1, 19]


def test_it_turns_pings_away_when_too_many_wait(inbox_of, monkeypatch):
    monkeypatch.setattr("monitoring.heartbeats.inbox._MOST_WAITING", 0)
    assert inbox_of(FakeStore()).store(Call(KEY), ROW) == BUSY


def test_it_writes_what_has_gathered_before_it_ends(inbox_of):
    store = FakeStore()
    inbox = inbox_of(store)
    inbox.store(Call(KEY), ROW)
    inbox.stop()
    assert inbox.store(Call(KEY), ROW) == STORED  # and starts again when asked to
    assert sum(store.groups) == 2


def test_it_works_again_in_a_forked_child(inbox_of):
    inbox = inbox_of(FakeStore())
    inbox.store(Call(KEY), ROW)
    child = os.fork()
    if child == 0:
        inbox._reset()
        os._exit(0 if inbox.store(Call(KEY), ROW) == STORED else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.django_db(transaction=True)
def test_it_takes_fifty_pings_at_once_on_one_heartbeat(ping, heartbeat):
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: ping(f"/ping/{heartbeat.key}").status, range(50)))
    assert answers == [200] * 50
    assert Ping.objects.count() == 50


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server sees to that itself")
def test_it_waits_until_a_ping_is_on_the_disk(db):
    """The console's other writes may be lost with the machine's power; nobody was told that a ping is safe before it is."""
    with closing(SqliteStore()) as store:
        assert store.query("PRAGMA synchronous") == [(2,)]  # FULL


def test_it_tells_that_it_lives(ping):
    ping(f"/ping/{make.heartbeat().key}")
    assert Pulse.objects.get().part == "listener"
