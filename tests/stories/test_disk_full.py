"""The disk is full: nothing is acknowledged that is not stored, the pages say why, and it goes on by itself."""

import os
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.stories.console import PYTHON, ROOT, Console, console, until
from tests.stories.site import Site

TOKEN = "a" * 32
pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("embedded")]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 48 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = os.getuid() == 0 and shutil.which("mount") and mount(folder)
    if not mounted:
        pytest.skip("a small disk of its own takes root, and the right to mount")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def mount(folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def running(disk: Path, prepared: tuple[Path, dict[str, str]], site: Site) -> Iterator[Console]:
    shutil.copytree(prepared[0], disk, dirs_exist_ok=True)
    with console(disk) as made:  # its log lies on the same disk
        made.session = made.make("shop", site=site.url)
        made.make("job", name="Backup", every=600)
        until(lambda: made.count("probes_probe WHERE status = 'up'"), 60)
        yield made


def fill(disk: Path) -> Path:
    """To the last byte."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    return ballast


def ask(running: Console, path: str, **form: str) -> tuple[int, str]:
    """Status and text of an address; with `form` it is sent by somebody who is not signed in."""
    data = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": TOKEN}).encode() if form else None
    cookie = f"csrf={TOKEN}" if form else f"session={running.session}"
    request = urllib.request.Request(running.url + path, data, {"Cookie": cookie})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_it_acknowledges_nothing_that_it_cannot_store(running, disk):
    (path,) = running.ping_paths()
    acknowledged = []

    def ping() -> int:
        rid = str(uuid4())
        status, _ = ask(running, f"{path}?rid={rid}")
        acknowledged.extend([UUID(rid).hex] if status == 200 else [])
        return status

    assert ping() == 200
    ballast = fill(disk)
    until(lambda: ping() == 503, 60)  # a little room may be left in the log of the database
    assert {ping() for _ in range(5)} == {503}
    ballast.unlink()
    until(lambda: ping() == 200, 60)
    stored = {rid for (rid,) in running.rows("SELECT rid FROM heartbeats_ping")}
    assert stored == set(acknowledged)


def test_it_says_that_the_disk_is_full_and_goes_on_when_there_is_room(running, disk):
    ballast = fill(disk)
    status, text = ask(running, "/readyz")
    assert status == 503 and "MB are free" in text
    assert "MB are free" in running.page("/settings/health/")
    until(lambda: no_room(running), 30)
    ballast.unlink()
    assert '"ready"' in running.wait_for("/readyz")
    before = running.rows("SELECT last_at FROM probes_probe")
    until(lambda: running.rows("SELECT last_at FROM probes_probe") > before, 60)


def no_room(running: Console) -> bool:
    """What a person enters is refused with the reason."""
    status, text = ask(running, "/sign-in/", username="olga@example.com", password="three words and more")
    return status == 507 and "the disk is full" in text


def test_it_keeps_the_backup_that_is_there(running, disk):
    command = [PYTHON, "manage.py", "backup", "--to", str(disk / "backups" / "new.tar.gz")]
    (disk / "backups").mkdir()
    (disk / "backups" / "old.tar.gz").write_text("precious")
    fill(disk)
    done = subprocess.run(
        command, cwd=ROOT, env=running.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "There is no new backup" in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert [file.name for file in (disk / "backups").iterdir()] == ["old.tar.gz"]
    assert (disk / "backups" / "old.tar.gz").read_text() == "precious"
