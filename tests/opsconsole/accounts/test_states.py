"""Where people and keys stand, to the very second."""

from datetime import timedelta

import pytest

from opsconsole.accounts.models import ApiKey, User
from opsconsole.accounts.states import is_open, key_standing, person_standing
from tests.conftest import NOW

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "Invited"),
        ({"last_login": NOW}, "Active"),
        ({"last_login": NOW - 30 * DAY}, "Active"),
        ({"last_login": NOW - 30 * DAY - SECOND}, "Away"),
        ({"created_at": NOW - 31 * DAY}, "Away"),
        ({"last_login": NOW, "is_active": False}, "Deactivated"),
    ],
)
def test_it_says_how_a_person_stands(fields, word):
    assert person_standing(User(**{"created_at": NOW} | fields), NOW).word == word


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "Open"),
        ({"expires_at": NOW + SECOND}, "Open"),
        ({"expires_at": NOW}, "Expired"),
        ({"created_at": NOW - 90 * DAY}, "Open"),
        ({"created_at": NOW - 90 * DAY - SECOND}, "Old"),
        ({"created_at": NOW - 91 * DAY, "expires_at": NOW}, "Expired"),
        ({"revoked_at": NOW, "expires_at": NOW}, "Revoked"),
    ],
)
def test_it_says_how_a_key_stands(fields, word):
    key = ApiKey(**{"created_at": NOW} | fields)
    assert key_standing(key, NOW).word == word
    assert is_open(key, NOW) == (word in ("Open", "Old"))
