"""Changing one's own password."""

import pytest

from tests.opsconsole.accounts.conftest import PASSWORD

URL = "/settings/profile/password/"
NEW = "another four words here"


def change(client, old=PASSWORD, new=NEW, again=NEW):
    return client.post(URL, {"old_password": old, "new_password1": new, "new_password2": again})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"old": "wrong"}, "not your present password"),
        ({"again": "something else"}, "type the same password twice"),
        ({"new": "short", "again": "short"}, "too short"),
        ({"new": "olga@example.com", "again": "olga@example.com"}, "too similar"),
        ({"new": "olga-petrovna", "again": "olga-petrovna"}, "too similar to the name"),
    ],
)
def test_it_says_what_is_wrong(signed_in, olga, given, sentence):
    olga.name = "Olga Petrovna"
    olga.save()
    assert sentence in change(signed_in(olga), **given).text
    olga.refresh_from_db()
    assert olga.check_password(PASSWORD)


def test_it_changes_it(signed_in, olga):
    change(signed_in(olga))
    olga.refresh_from_db()
    assert olga.check_password(NEW)
