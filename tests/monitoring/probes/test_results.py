"""Every single result of a probe, newest first."""

from datetime import timedelta

import pytest

from monitoring.catalogue.states import Status
from monitoring.probes.models import Result
from monitoring.probes.pages.results import SIZE
from monitoring.probes.states import CODES
from tests.monitoring import make


@pytest.fixture
def probe(owner):
    return make.probe(failure_threshold=2)


def ran(probe, at, status=Status.UP, **fields):
    return Result.objects.create(probe_id=probe.pk, at=at, outcome=CODES[status], **fields)


def read(client, probe, after=""):
    return client.get(f"/monitoring/probes/{probe.pk}/results/", {"after": after})


def test_it_lists_each_with_what_came_of_it(viewer, signed_in, probe, now):
    ran(probe, now - timedelta(seconds=60), ms=120, code=200)
    ran(probe, now - timedelta(seconds=30), Status.DOWN)
    rows = read(signed_in(viewer), probe).context["page"].rows
    assert [(r.tone, r.ms, r.code) for r in rows] == [("bad", None, None), ("ok", 120, 200)]


def test_it_shows_the_second_and_the_zone(viewer, signed_in, probe, now):
    ran(probe, now.replace(second=30), ms=120, code=200)
    assert ":30 CE" in read(signed_in(viewer), probe).content.decode()


def test_it_pages_on_without_losing_one(viewer, signed_in, probe, now, django_assert_max_num_queries):
    every = [ran(probe, now - timedelta(seconds=30 * n), ms=1, code=200).at for n in range(SIZE + 3)]
    client = signed_in(viewer)
    first = read(client, probe).context["page"]
    with django_assert_max_num_queries(11):
        second = read(client, probe, first.cursor).context["page"]
    assert [row.at for row in (*first.rows, *second.rows)] == every
    assert not second.cursor


@pytest.mark.parametrize("after", ["", "²", "x", "9" * 40])
def test_it_begins_anew_for_a_cursor_that_is_none(viewer, signed_in, probe, now, after):
    ran(probe, now, ms=1, code=200)
    assert len(read(signed_in(viewer), probe, after).context["page"].rows) == 1


def test_it_says_when_the_first_comes(viewer, signed_in, probe):
    assert "No result yet" in read(signed_in(viewer), probe).content.decode()


def test_it_is_reached_from_the_page_of_the_probe(viewer, signed_in, probe):
    page = signed_in(viewer).get(f"/monitoring/probes/{probe.pk}/").content.decode()
    assert f'href="/monitoring/probes/{probe.pk}/results/"' in page
