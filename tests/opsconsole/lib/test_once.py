"""What is asked twice within a reading is read once, and never remembered longer."""

import pytest
from django.http import HttpResponse
from django.test import Client

from opsconsole.accounts.models import Team
from opsconsole.lib.once import ReadingMiddleware, once, reading


@pytest.fixture
def asked():
    return []


@pytest.fixture
def read(asked):
    @once
    def reader(*args, **kwargs):
        asked.append((args, kwargs))
        return len(asked)

    return reader


def test_it_reads_once_within_a_reading(read, asked):
    with reading():
        assert [read(1), read(1), read(2), read(1, a=3), read(1, a=3)] == [1, 1, 2, 3, 3]


def test_it_reads_each_time_outside(read):
    assert [read(1), read(1)] == [1, 2]


def test_it_forgets_at_the_end(read):
    for expected in (1, 2):
        with reading():
            assert read(1) == expected


def test_it_shares_one_memory_with_a_reading_within(read):
    with reading():
        read(1)
        with reading():
            assert read(1) == 1
        assert read(1) == 1


def test_it_forgets_after_a_failure(read):
    with pytest.raises(ZeroDivisionError), reading():
        raise ZeroDivisionError(read(1))
    assert read(1) == 2


@pytest.mark.parametrize(("method", "answers"), [("GET", "1, 1"), ("HEAD", "1, 1"), ("POST", "1, 2")])
def test_it_remembers_for_requests_that_change_nothing(read, rf, method, answers):
    middleware = ReadingMiddleware(lambda request: HttpResponse(f"{read()}, {read()}"))
    assert middleware(rf.generic(method, "/")).text == answers


def test_it_shows_at_once_what_a_form_has_changed(signed_in, owner):
    client: Client = signed_in(owner)
    client.get("/settings/")
    Team.objects.update(name="Renamed")
    assert "Renamed" in client.get("/settings/").text
