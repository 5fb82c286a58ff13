"""Secrets that stand in addresses do not come into the log, and a visitor's mistake is no traceback."""

import io
import logging
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.transport import Transport

from opsconsole.accounts import services
from opsconsole.lib.logs import NOT_FOR_SENTRY, Discreet, discreet, for_sentry

TOKEN = "4wagvadeJQHTBhSbc7YCa1SArg9s5uU6"
TYPED = {"email": "olga@example.com", "new_password1": "three long words"}


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


def test_it_shortens_addresses_in_the_traceback_too(logged):
    try:
        raise RuntimeError(f"/a/{TOKEN} broke")
    except RuntimeError:
        logging.getLogger("django.request").exception("It broke", extra={"status_code": 500})
    assert "RuntimeError: /a/… broke" in logged()
    assert TOKEN not in logged()


@pytest.fixture
def reported(monkeypatch):
    """The reports that Sentry would get, set up as the settings do."""
    found: list[dict[str, Any]] = []

    class Kept(Transport):
        def capture_envelope(self, envelope):
            found.append(envelope.get_event())

    scope = sentry_sdk.get_global_scope()
    before = scope.client
    sentry_sdk.init(
        "https://key@sentry.invalid/1", transport=Kept(), before_send=for_sentry, **NOT_FOR_SENTRY
    )
    yield found
    scope.set_client(before)


@pytest.mark.django_db
def test_it_reports_errors_without_the_secret_and_what_was_typed(client, monkeypatch, reported):
    def breaks(**given):
        raise RuntimeError(f"/a/{TOKEN} broke")

    client.raise_request_exception = False
    monkeypatch.setattr(services, "password_link_send", breaks)
    client.post("/password/", TYPED, headers={"Referer": f"https://ops.example.com/a/{TOKEN}"})
    (report,) = map(str, reported)
    assert "/a/… broke" in report
    assert not any(secret in report for secret in (TOKEN, *TYPED.values()))


def test_it_bears_a_line_whose_values_do_not_fit():
    record = logging.LogRecord("some.package", logging.INFO, "", 1, "%d of %d at %s", (f"/a/{TOKEN}",), None)
    assert Discreet().filter(record)
    assert record.getMessage() == "%d of %d at %s ('/a/…"
