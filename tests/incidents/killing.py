"""Die at the n-th write: what a kill -9 between two statements leaves behind, tried at every one of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """Not an Exception: nothing may catch it on the way."""


@contextmanager
def dying_at(number: int) -> Iterator[None]:
    """The `number`-th write from here on does not happen, and nothing after it."""
    seen = 0

    def wrapper(execute, sql, params, many, context):
        nonlocal seen
        if sql.lstrip().upper().startswith(WRITES):
            seen += 1
            if seen == number:
                raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


def killed_at_each_write(act: Callable[[], object], check: Callable[[], None], most: int = 60) -> int:
    """Try `act` dying at its first, second … write; after each death run it whole and `check`. How many writes it makes.

    Each try is rolled back, so that all begin alike.
    """
    for number in range(1, most):
        with transaction.atomic():
            try:
                with dying_at(number), transaction.atomic():
                    act()
                died = False
            except Killed:
                died = True
            act()
            check()
            transaction.set_rollback(True)
        if not died:
            return number - 1
    raise AssertionError(f"It writes more than {most} times.")
