"""A server of PostgreSQL's that says nothing more is given up; so is one that hangs when it is only asked whether it is there."""

import pytest
from django.db import OperationalError, connection

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is no server"),
]


@pytest.fixture
def patience(monkeypatch):
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "patience", 0.2)


def test_it_gives_up_and_gets_another_connection(patience):
    with pytest.raises(OperationalError, match=r"no answer within 0\.2 s"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(60)")
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
