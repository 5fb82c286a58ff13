"""What is no request that a form could send gets a sentence, not a traceback."""

import pytest


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
