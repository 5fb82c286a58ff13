"""Two people set up at the same moment: one wins, the other is told."""

import pytest
from django.core.exceptions import ValidationError

from maintenance.setup.services import console_set_up
from opsconsole.accounts.models import User
from opsconsole.outbox.models import Channel
from tests.conftest import NOW
from tests.maintenance.setup.test_first_visit import GIVEN
from tests.threads import at_once


def visit(email: str) -> bool:
    try:
        console_set_up(**GIVEN | {"email": email}, now=NOW)
    except ValidationError:
        return False
    return True


@pytest.mark.django_db(transaction=True)
def test_it_makes_one_owner():
    won = at_once(lambda: visit("a@example.com"), lambda: visit("b@example.com"))
    assert sorted(won) == [False, True]
    assert (User.objects.count(), Channel.objects.count()) == (1, 1)
