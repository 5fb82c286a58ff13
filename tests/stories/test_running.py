"""The console as processes: it starts, says what is wrong when it cannot, comes back after kill -9, and ends quietly."""

import fcntl
import os
import pty
import re
import signal
import socket
import subprocess
import termios
import urllib.request
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tests.memory import anonymous
from tests.stories.console import PYTHON, ROOT, Console, console, free_port, until

pytestmark = pytest.mark.servers


@pytest.fixture
def running(tmp_path, database):
    with console(tmp_path, **database) as made:
        yield made


def serve(running: Console, port: int | str, *more: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PYTHON, "manage.py", "serve", "--port", str(port), *more],
        cwd=ROOT,
        env=running.environment | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_becomes_ready_by_itself_from_nothing(tmp_path, empty):
    with console(tmp_path, **empty) as running:
        assert '"ready"' in running.wait_for("/readyz", 90)


@pytest.mark.usefixtures("embedded")
def test_it_says_in_one_line_that_the_port_is_taken(running, tmp_path_factory):
    answer = serve(running, running.port, OPSCONSOLE_DATA_DIR=str(tmp_path_factory.mktemp("other")))
    assert answer.returncode != 0
    assert f"Port {running.port} is in use" in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["70000"], "“70000” is not a port"),
        (["eighty"], "“eighty” is not a port"),
        (["8000", "--host", "192.0.2.1"], "cannot listen on 192.0.2.1"),
        (["8000", "--host", "no..such"], "cannot listen on no..such"),
    ],
)
def test_it_says_in_one_line_where_it_cannot_listen(tmp_path, given, sentence):
    answer = serve(Console.at(tmp_path), *given)
    assert answer.returncode != 0
    assert sentence in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


@pytest.mark.usefixtures("embedded")
def test_it_asks_whether_a_silent_client_is_still_there(running):
    accepted = re.compile(
        rf":{running.port:04X} [0-9A-F]+:[0-9A-F]+ 01 \S+ 02:"
    )  # established, with a keepalive timer
    with socket.create_connection(("127.0.0.1", running.port)):
        until(lambda: accepted.search(Path("/proc/net/tcp").read_text()), 10)


@pytest.mark.usefixtures("embedded")
def test_it_makes_a_folder_that_nobody_else_may_read(tmp_path):
    folder = tmp_path / "new" / "data"
    made = Console.at(tmp_path, OPSCONSOLE_DATA_DIR=str(folder))
    made.spawn([PYTHON, "manage.py", "serve", "--port", str(made.port)])
    try:
        until(folder.exists, 30)
        assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        made.stop()


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_it_listens_where_it_is_told(tmp_path, database, host):
    made = Console.at(tmp_path, **database)
    made.spawn([PYTHON, "manage.py", "serve", "--host", host, "--port", str(made.port)])
    name = f"[{host}]" if ":" in host else host
    try:
        until(lambda: answers(f"http://{name}:{made.port}/healthz"), 30)
    finally:
        made.stop()


def answers(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
        return bool(answer.status == 200)
    return False


@pytest.mark.usefixtures("embedded")
def test_it_refuses_a_second_console_on_one_folder(running):
    answer = serve(running, free_port())
    assert answer.returncode != 0
    assert "Another console is running" in answer.stderr


def test_it_says_in_one_line_that_the_folder_cannot_be_written(running):
    answer = serve(running, free_port(), OPSCONSOLE_DATA_DIR="/proc/nowhere", SECRET_KEY="")
    assert answer.returncode != 0
    assert "cannot be written" in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


@pytest.mark.usefixtures("embedded")
def test_it_ends_with_zero_on_ctrl_c(running):
    running.processes[0].send_signal(signal.SIGINT)
    assert running.processes[0].wait(20) == 0


@pytest.mark.usefixtures("embedded")
def test_it_ends_make_with_zero_on_ctrl_c_in_a_terminal(tmp_path, database):
    """A terminal sends Ctrl-C to make too, which would end by it and not with what the console said."""
    made, (ours, its) = Console.at(tmp_path, **database), pty.openpty()
    command = ["make", "-o", ".venv/runtime.stamp", "run", f"PORT={made.port}", f"DATA={tmp_path}"]
    terminal = partial(fcntl.ioctl, its, termios.TIOCSCTTY, 0)
    make = subprocess.Popen(
        [*command, f"BIN={Path(PYTHON).parent}"],
        cwd=ROOT,
        env=made.environment,
        preexec_fn=terminal,  # noqa: PLW1509 — nothing else gives a child its terminal
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
    )
    until(lambda: answers(f"{made.url}/healthz"), 30)
    os.write(ours, b"\x03")
    assert make.wait(20) == 0


@pytest.mark.usefixtures("embedded")
def test_it_starts_a_killed_child_again(running):
    before = children(running)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: len(children(running) - before) == len(before), 20)
    assert running.wait_for("/healthz", 20) == "ok\n"


@pytest.mark.usefixtures("embedded")
def test_it_leaves_the_other_child_alone_when_one_is_killed(running):
    killed, kept = sorted(children(running))
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(children(running) - {killed}) == 2, 20)
    assert kept in children(running)
    assert running.wait_for("/healthz", 20) == "ok\n"


@pytest.mark.usefixtures("embedded")
def test_it_keeps_others_out_after_a_child_was_started_again(running):
    before = children(running)
    os.kill(min(before), signal.SIGKILL)
    until(lambda: len(children(running) - {min(before)}) == 2, 20)
    assert "Another console is running" in serve(running, free_port()).stderr


@pytest.mark.usefixtures("embedded")
def test_it_gives_back_in_the_parent_what_the_children_have(running):
    until(lambda: anonymous(running.processes[0].pid) < 6, 20)


@pytest.mark.usefixtures("embedded")
def test_it_loads_nothing_that_pages_do_without(running):
    heavy = {"celery.worker", "cryptography", "granian.cli", "markdown_it", "psycopg", "redis", "sentry_sdk"}
    ask = f"import sys; import opsconsole.management.commands.serve; print(sys.modules.keys() & {heavy})"
    assert running.manage("shell", "-v0", "-c", ask) == "set()\n"


def children(running: Console) -> set[int]:
    parent = str(running.processes[0].pid)
    found = subprocess.run(["pgrep", "-P", parent], capture_output=True, text=True, check=False)
    return {int(pid) for pid in found.stdout.split()}


def test_it_starts_again_after_the_power_went(running):
    running.kill()
    running.start()
    assert '"ready"' in running.wait_for("/readyz", 90)
