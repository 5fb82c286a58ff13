"""What is over is removed once a day."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session

from opsconsole.accounts.tasks import tidy
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [AccessAttempt, AccessFailureLog, AccessLog])
def test_it_keeps_records_of_sign_ins_for_thirty_days(model):
    for days in (29, 31):
        row = model.objects.create(
            username=str(days), **({"failures_since_start": 1} if model is AccessAttempt else {})
        )
        model.objects.filter(pk=row.pk).update(attempt_time=NOW - timedelta(days=days))
    assert tidy(NOW) == 1
    assert model.objects.get().username == "29"


def test_it_removes_sessions_that_are_over():
    for key, hours in (("over", -1), ("going on", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=NOW + timedelta(hours=hours))
    assert tidy(NOW) == 1
    assert Session.objects.get().session_key == "going on"
