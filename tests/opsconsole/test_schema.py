"""Commands say in a sentence that the database is away."""

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from opsconsole.management import schema


@pytest.mark.parametrize("command", [["sweep"], ["create_owner", "--email", "o@example.com"]])
def test_it_says_that_the_database_cannot_be_reached(monkeypatch, command):
    def away(_connection):
        raise OperationalError("connection refused")

    monkeypatch.setattr(schema, "MigrationExecutor", away)
    with pytest.raises(CommandError, match=r"cannot be reached \(connection refused\)"):
        call_command(*command)
