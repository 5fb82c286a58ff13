"""Connections to PostgreSQL that do not wait for ever. Only what speaks to PostgreSQL imports this: psycopg costs 4 MB.

A server that stands still, or a network that forgot a connection, ends nothing: without a limit of our own whoever waits for
its answer would wait until somebody starts the console anew.
"""

from typing import Any

import psycopg
from psycopg.errors import _WaitTimeout

LOOK = 3.0  # seconds for a mere “are you there?”


class Patient(psycopg.Connection[Any]):
    """`patience` is how long it waits for one answer, in seconds: longer than the server's own limit for a statement."""

    patience = 30.0

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Raises OperationalError when nothing comes; the connection is closed then, since an answer may still be on its way."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except _WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer within {self.patience:g} s") from None


class Pooled(Patient):
    """One of Django's. The pool asks each by an empty statement whether it is still there, before anybody gets it."""

    def execute(self, query: Any, *given: Any, **options: Any) -> Any:
        if query != "":
            return super().execute(query, *given, **options)
        self.patience = LOOK
        try:
            return super().execute(query, *given, **options)
        finally:
            self.patience = Patient.patience
