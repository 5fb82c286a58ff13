"""What a person reads when something was raised that nobody expected."""

import pytest
from django.db import OperationalError
from django.urls import path

from opsconsole import urls
from opsconsole.accounts.middleware import public

ERRORS = {
    "full": OperationalError("database or disk is full"),
    "away": OperationalError("connection refused"),
    "wrong": ValueError("a secret"),
}
handler500 = urls.handler500


@public
def fail(_request, how):
    raise ERRORS[how]


urlpatterns = [path("fail/<how>/", fail), *urls.urlpatterns]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [("full", 507, "the disk is full"), ("away", 503, "does not answer"), ("wrong", 500, "Something broke")],
)
def test_it_says_what_is_the_matter(client, how, status, said):
    client.raise_request_exception = False
    answer = client.get(f"/fail/{how}/")
    assert answer.status_code == status
    assert said in answer.content.decode() and str(ERRORS[how]) not in answer.content.decode()
    assert answer.has_header("Retry-After") == (status != 500)
