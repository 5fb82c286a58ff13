"""Killed at any write on the way from a failing probe to the report, in real processes: see deaths.py."""

import json

import pytest

from tests.stories.console import Console

pytestmark = pytest.mark.servers


def test_it_ends_the_same_wherever_it_is_killed(tmp_path, database):
    code = "import json; from tests.stories import deaths; print(json.dumps(deaths.everywhere()))"
    died = json.loads(Console.at(tmp_path, **database).manage("shell", "-v0", "-c", code).splitlines()[-1])
    assert min(died.values()) >= 2, died
    assert sum(died.values()) > 60, died
