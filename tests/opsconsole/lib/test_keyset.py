"""Keyset pages: newest first, nothing twice, nothing left out."""

import pytest

from opsconsole.accounts.models import User
from opsconsole.lib import keyset

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven():
    User.objects.bulk_create(User(email=f"{n}@example.com", name=str(n)) for n in range(7))


def names(page):
    return [user.name for user in page.rows]


def test_it_walks_through_all_rows_once(seven):
    first = keyset.page(User.objects.all(), size=3)
    second = keyset.page(User.objects.all(), first.cursor, size=3)
    third = keyset.page(User.objects.all(), second.cursor, size=3)
    assert names(first) + names(second) + names(third) == list("6543210")
    assert third.cursor == ""


def test_it_ends_at_an_exact_boundary(seven):
    assert keyset.page(User.objects.all(), size=7).cursor == ""


@pytest.mark.parametrize("after", [None, "", "x", "-1", "٣", "1; drop"])
def test_it_takes_a_bad_cursor_for_the_first_page(seven, after):
    assert names(keyset.page(User.objects.all(), after, size=1)) == ["6"]


def test_it_is_false_when_there_is_nothing():
    assert not keyset.page(User.objects.all())
