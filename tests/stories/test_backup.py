"""Back up and restore the embedded console: all or nothing, and never over what is there."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.stories.console import PYTHON, ROOT

pytestmark = pytest.mark.servers


class Folder:
    """A data folder with a console in it that does not run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self(
            "create_owner",
            "--email",
            "olga@example.com",
            "--password-stdin",
            given="a long password indeed\n",
        )

    def __call__(self, *arguments: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")}
        env |= {"OPSCONSOLE_DATA_DIR": str(self.path), **settings}
        command = [PYTHON, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=env, input=given, capture_output=True, text=True, check=False
        )

    def owners(self) -> str:
        question = "from opsconsole.accounts.models import User; print([u.email for u in User.objects.all()])"
        return self("shell", "-v0", "-c", question).stdout.strip()


@pytest.fixture
def folder(embedded, tmp_path, prepared):
    return Folder(shutil.copytree(prepared[0], tmp_path / "data"))


def test_it_brings_back_what_was_there(folder, tmp_path):
    backup = str(tmp_path / "one.tar.gz")
    assert folder("backup", "--to", backup).returncode == 0
    folder("shell", "-v0", "-c", "from opsconsole.accounts.models import User; User.objects.all().delete()")
    assert folder.owners() == "[]"
    assert "Restored" in folder("restore", backup).stdout
    assert folder.owners() == "['olga@example.com']"


def test_it_restores_into_a_new_folder(folder, tmp_path):
    """The secret key comes from the environment there, so that nothing else has made the folder."""
    folder("backup", "--to", str(tmp_path / "one.tar.gz"))
    new = tmp_path / "new" / "data"
    env = os.environ | {"OPSCONSOLE_DATA_DIR": str(new), "SECRET_KEY": "a key of its own, and a long one"}
    command = [PYTHON, "manage.py", "restore", str(tmp_path / "one.tar.gz")]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    assert "nothing here before" in done.stdout
    assert (new / "console.sqlite3").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("where", [0.5, 0.9])
def test_it_refuses_a_file_with_wrong_bytes(folder, tmp_path, where):
    backup = tmp_path / "one.tar.gz"
    folder("backup", "--to", str(backup))
    content = bytearray(backup.read_bytes())
    start = int(len(content) * where)
    content[start : start + 500] = bytes(byte ^ 0x5A for byte in content[start : start + 500])
    backup.write_bytes(content)
    answer = folder("restore", str(backup))
    assert "Traceback" not in answer.stderr
    assert "backup" in answer.stderr  # what exactly is broken, the bytes decide
    assert folder.owners() == "['olga@example.com']"


def test_it_refuses_a_damaged_file_and_changes_nothing(folder, tmp_path):
    backup = tmp_path / "one.tar.gz"
    folder("backup", "--to", str(backup))
    backup.write_bytes(backup.read_bytes()[:-2000])
    answer = folder("restore", str(backup))
    assert answer.returncode == 1
    assert "cannot be read as a backup" in answer.stderr
    assert folder.owners() == "['olga@example.com']"


def test_it_never_overwrites_a_backup(folder, tmp_path):
    backup = tmp_path / "one.tar.gz"
    backup.write_text("precious")
    assert "exists" in folder("backup", "--to", str(backup)).stderr
    assert backup.read_text() == "precious"


def test_it_says_when_the_secret_key_is_not_in_the_backup(folder, tmp_path):
    inside, outside = (str(tmp_path / name) for name in ("inside.tar.gz", "outside.tar.gz"))
    assert "SECRET_KEY" not in folder("backup", "--to", inside).stdout
    said = folder("backup", "--to", outside, SECRET_KEY="one from the environment, long enough").stdout
    assert "SECRET_KEY comes from the environment and is not in the file: keep it as well." in said


def test_it_restores_no_database_that_stands_elsewhere(folder, tmp_path):
    backup = str(tmp_path / "one.tar.gz")
    folder("backup", "--to", backup)
    said = folder("restore", backup, DATABASE_URL=f"sqlite:///{tmp_path}/elsewhere.sqlite3").stderr
    assert "DATABASE_URL names another database" in said
