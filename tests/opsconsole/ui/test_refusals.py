"""What is no request that a form could send gets a sentence, not a traceback."""

import pytest
from django.test import Client

FORM = "application/x-www-form-urlencoded"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"title": "x" * 2_000_000}},
        {"data": {f"field{n}": "x" for n in range(1001)}},
        {"data": b"--x", "content_type": "multipart/form-data"},
    ],
)
def test_it_says_what_cannot_be_read(responder, signed_in, sent):
    client = signed_in(responder)
    client.raise_request_exception = False
    answer = client.post("/incidents/new/", **sent)
    assert answer.status_code == 400
    assert b"Nothing was changed." in answer.content


@pytest.mark.django_db
def test_it_says_that_only_a_form_leads_there(responder, signed_in):
    answer = signed_in(responder).get("/sign-out/", headers={"accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")
    assert b"cannot be opened by itself. Nothing was changed." in answer.content


@pytest.mark.django_db
def test_it_tells_machines_no_more_than_the_method(responder, signed_in):
    assert signed_in(responder).get("/sign-out/").content == b""


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nothing/", "/a/wrong-token"])
@pytest.mark.parametrize("body", [b"x" * 2_000_000, b"x=1&" * 1001])
def test_it_says_that_there_is_nothing_whatever_was_sent_there(team, path, body):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["csrf"] = "a" * 32
    answer = client.post(path, body, content_type=FORM)
    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content
