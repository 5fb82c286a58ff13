"""Secrets that stand in addresses do not come into the log, and a visitor's mistake is no traceback."""

import io
import logging

import pytest

from opsconsole.lib.logs import Discreet, discreet, for_sentry

TOKEN = "4wagvadeJQHTBhSbc7YCa1SArg9s5uU6"


@pytest.fixture
def logged():
    """What the console's handler would write."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Discreet())
    logging.getLogger().addHandler(handler)
    yield stream.getvalue
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"/a/{TOKEN}", "/a/…"),
        (f"/password/set/MQ/{TOKEN}/", "/password/set/MQ/…/"),
        (f"/ping/{TOKEN}/fail?rid=1", "/ping/…/fail?rid=1"),
        ("/incidents/INC-001/", "/incidents/INC-001/"),
    ],
)
def test_it_shortens_addresses_that_open_doors(path, shown):
    assert discreet(f"Gone: {path}") == f"Gone: {shown}"


@pytest.mark.django_db
def test_it_says_what_was_refused_without_the_secret(client, logged):
    client.delete(f"/a/{TOKEN}")
    assert "Method Not Allowed (DELETE): /a/…" in logged()
    assert TOKEN not in logged()


@pytest.mark.django_db
def test_it_writes_no_traceback_for_a_bad_address(client, logged):
    client.get("/a/%00")
    assert "no text can have" in logged()
    assert "Traceback" not in logged()


def test_it_keeps_the_traceback_of_what_broke(logged):
    try:
        raise RuntimeError("ours")
    except RuntimeError:
        logging.getLogger("django.request").exception("It broke", extra={"status_code": 500})
    assert "RuntimeError: ours" in logged()


def test_it_reports_errors_without_the_secret():
    event = {"request": {"url": f"https://ops.example.com/a/{TOKEN}"}}
    assert for_sentry(event, {})["request"]["url"] == "https://ops.example.com/a/…"
