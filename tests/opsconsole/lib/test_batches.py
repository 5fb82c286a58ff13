"""Many rows at once: deleted a little at a time, and written by one statement."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from opsconsole.lib.batches import delete_in_batches, in_batches, update_each

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    Session.objects.bulk_create(Session(session_key=str(n), expire_date=timezone.now()) for n in range(5))
    return Session.objects.order_by("pk")


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_it_deletes_all_whatever_the_size(rows, size):
    assert delete_in_batches(rows, size=size) == 5
    assert not rows.exists()


def test_it_takes_the_first_of_their_order_and_leaves_the_rest_for_another_time(rows):
    assert delete_in_batches(rows, size=2, most=2) == 4
    assert rows.get().session_key == "4"


def test_it_takes_none_but_the_given(rows):
    assert delete_in_batches(rows.filter(pk="3"), size=1) == 1
    assert delete_in_batches(rows.none()) == 0
    assert rows.count() == 4


def test_it_spares_what_somebody_changed_before_its_turn_came(rows):
    def renewed(execute, sql, *rest):
        if sql.startswith("DELETE"):
            Session.objects.filter(pk="3").update(expire_date=timezone.now() + timedelta(days=1))
        return execute(sql, *rest)

    with connection.execute_wrapper(renewed):
        delete_in_batches(rows.filter(expire_date__lt=timezone.now()))
    assert rows.get().session_key == "3"


def test_it_is_as_many_transactions_as_batches(rows, django_assert_num_queries):
    with django_assert_num_queries(6):  # to look and to delete, for two, two and one
        delete_in_batches(rows, size=2)


def test_it_goes_through_rows_in_their_order():
    assert list(in_batches("abcde", 2)) == ["ab", "cd", "e"]
    assert not list(in_batches([], 2))


def test_it_writes_the_named_fields_of_each_row_by_one_statement(rows, django_assert_num_queries):
    found = list(rows)
    for row in found:
        row.session_data, row.expire_date = f"of {row.pk}", None
    with django_assert_num_queries(1):
        update_each(found, ["session_data"])
    update_each([], ["session_data"])
    assert list(rows.values_list("session_data", flat=True)) == [f"of {n}" for n in range(5)]
