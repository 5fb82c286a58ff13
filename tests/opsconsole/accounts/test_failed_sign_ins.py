"""The page of failed sign-ins."""

from datetime import timedelta

import pytest

from tests.opsconsole.accounts.test_lock_out import fail

URL = "/settings/sign-ins/"
pytestmark = pytest.mark.usefixtures("locking", "frozen")


def test_it_lists_them(client, signed_in, responder):
    fail(client, 2, "olga@example.com")
    page = signed_in(responder).get(URL).text
    assert "2 sign-ins failed in 24 hours" in page
    assert "olga@example.com" in page


def test_it_says_when_there_are_none(signed_in, responder):
    assert "No sign-in failed" in signed_in(responder).get(URL).text


def test_it_forgets_after_a_day_in_the_sentence_only(client, signed_in, responder, frozen):
    fail(client, 1)
    frozen.shift(timedelta(hours=25))
    page = signed_in(responder).get(URL).text
    assert "No sign-in failed" in page
    assert "olga@example.com" in page


def test_it_is_not_for_viewers(signed_in, viewer):
    assert signed_in(viewer).get(URL).status_code == 403


def test_it_is_found_from_the_rail_by_responders(signed_in, responder, viewer):
    link = 'href="/settings/sign-ins/"'
    assert link in signed_in(responder).get("/settings/").text
    assert link not in signed_in(viewer).get("/settings/").text
