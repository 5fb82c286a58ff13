"""Two people set up at the same moment: one wins, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from maintenance.setup.services import console_set_up
from opsconsole.accounts.models import User
from opsconsole.outbox.models import Channel
from tests.maintenance.setup.test_first_visit import GIVEN


def visit(start: Barrier, email: str) -> bool:
    try:
        start.wait(timeout=10)
        console_set_up(**GIVEN | {"email": email})
    except ValidationError:
        return False
    finally:
        connection.close()
    return True


@pytest.mark.django_db(transaction=True)
def test_it_makes_one_owner():
    start = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(visit, [start, start], ["a@example.com", "b@example.com"]))
    assert sorted(won) == [False, True]
    assert (User.objects.count(), Channel.objects.count()) == (1, 1)
