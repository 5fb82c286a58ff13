"""Commands on a console that has no tables yet: they make them, or say in one line what to do first."""

import subprocess

import pytest

from tests.stories.console import PYTHON, ROOT, Console

pytestmark = pytest.mark.servers
PASSWORD = "four words make one\n"
PATIENCE = 600  # seconds: the first command makes all tables, which takes a slow machine minutes


@pytest.fixture
def untouched(tmp_path, empty) -> Console:
    return Console.at(tmp_path, **empty)


def manage(console: Console, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PYTHON, "manage.py", *arguments],
        cwd=ROOT,
        env=console.environment,
        input=given,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_it_makes_the_first_owner_from_nothing(untouched):
    made = manage(untouched, "create_owner", "--email", "o@example.com", "--password-stdin", given=PASSWORD)
    assert made.stdout == "o@example.com is the owner.\n"
    assert manage(untouched, "create_api_key", "--email", "o@example.com", "--name", "ci").returncode == 0


@pytest.mark.parametrize(
    "command",
    [["sweep"], ["remove_sample"], ["create_api_key", "--email", "o@example.com", "--name", "ci"]],
    ids=lambda command: command[0],
)
def test_it_says_in_one_line_that_there_are_no_tables(untouched, command):
    refused = manage(untouched, *command)
    assert refused.returncode != 0
    assert "not set up for this version yet" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


@pytest.mark.usefixtures("embedded")
def test_it_says_in_one_line_that_there_is_nothing_to_back_up(untouched):
    refused = manage(untouched, "backup")
    assert refused.returncode != 0
    assert "names another folder" in refused.stderr
