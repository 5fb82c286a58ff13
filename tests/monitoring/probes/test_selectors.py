"""Lists of probes, their outages and failures."""

import time
from datetime import timedelta

import pytest

from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.states import Status
from monitoring.probes import listing, outages, selectors
from monitoring.probes.models import Failure
from opsconsole.lib.periods import Period
from tests.conftest import NOW
from tests.monitoring import make

pytestmark = pytest.mark.usefixtures("team")


def names(**fields) -> list[str]:
    return [row.name for row in listing.probes_page(now=NOW, **fields).rows]


def test_it_lists_the_worst_first_then_by_name(db):
    for name, status in (
        ("B", "up"),
        ("A", "up"),
        ("C", "paused"),
        ("D", "down"),
        ("E", "unknown"),
        ("F", "degraded"),
    ):
        make.probe(name, status=status)
    assert names() == ["D", "F", "E", "A", "B", "C"]


def test_it_pages_without_missing_or_repeating(db):
    for i in range(25):
        make.probe(f"P{i % 5}", status="up" if i % 2 else "down", service=make.service(f"S{i}"))
    seen, page = [], listing.probes_page(now=NOW, limit=4)
    while page.next:
        seen += page.rows
        page = listing.probes_page(now=NOW, limit=4, after=page.next)
    seen += page.rows
    assert len(seen) == len({row.pk for row in seen}) == 25


def test_it_starts_anew_for_a_cursor_that_is_none(db):
    make.probe("A")
    for cursor in ("x", "1.2", "..", "9.99999999999999999999.A", "0"):
        assert len(names(after=cursor)) <= 1


def test_it_filters_by_service_status_and_words(db):
    make.probe("Front page", status="down")
    make.probe("Inbox", service=make.service("Mail"), status="up")
    assert names(status="down") == ["Front page"]
    assert names(search="mail") == ["Inbox"]
    assert names(service_id=make.service("Mail").pk) == ["Inbox"]


def test_it_lists_in_two_queries_however_many(db, django_assert_num_queries):
    for i in range(60):
        make.probe(f"P{i}", service=make.service(f"S{i}"))
    with django_assert_num_queries(2):
        assert len([row.service.name for row in listing.probes_page(now=NOW, limit=50).rows]) == 50


def test_it_counts_by_status(db):
    make.probe("A", status="down")
    make.probe("B", status="up")
    assert selectors.status_counts(NOW) == {Status.DOWN: 1, Status.UP: 1}


def test_it_tells_the_catalogue_how_each_probe_is(db, now):
    make.probe("A", status="down", status_since=now, last_error="It answered 500.")
    make.probe("B", status="up", last_ms=42)
    make.probe("C")
    found = {s.title: (s.status, s.detail, s.since, s.is_new) for s in selectors.signals([make.service().pk])}
    assert found == {
        "A": ("down", "It answered 500.", now, False),
        "B": ("up", "42 ms", None, False),
        "C": ("unknown", "", None, True),
    }


def change(probe, new: str, at, old: str = "up") -> None:
    StatusChange.objects.create(
        service=probe.service,
        source=probe.source,
        title=probe.name,
        old=old,
        new=new,
        at=at,
        noticed_at=at,
        reason=new,
    )


def test_it_pairs_changes_to_outages(db, now):
    probe, other = make.probe(), make.probe("Other")
    for minutes, new in ((0, "down"), (10, "up"), (60, "down")):
        change(probe, new, now + timedelta(minutes=minutes))
    change(other, "down", now + timedelta(minutes=5))
    change(other, "paused", now + timedelta(minutes=6))
    found = outages.outages(Period(now, now + timedelta(hours=2)))
    spans = [(o.title, o.start - now, o.end and o.end - now) for o in found]
    minute = timedelta(minutes=1)
    assert spans == [
        ("Front page", 60 * minute, None), ("Other", 5 * minute, 6 * minute), ("Front page", 0 * minute, 10 * minute)
    ]  # fmt: skip


def test_it_finds_outages_that_touch_a_period_and_clips_them(db, now):
    probe = make.probe()
    change(probe, "down", now - timedelta(hours=1))
    change(probe, "up", now + timedelta(hours=1))
    (outage,) = outages.outages(Period(now, now + timedelta(minutes=30)))
    assert outage.within(Period(now, now + timedelta(minutes=30)), now + timedelta(days=1)) == timedelta(
        minutes=30
    )
    assert outages.outages(Period(now + timedelta(hours=1), now + timedelta(hours=2))) == []
    assert outages.outages(Period(now - timedelta(hours=3), now - timedelta(hours=2))) == []


def test_it_ends_an_outage_also_where_the_clock_was_set_back(db, now):
    probe = make.probe()
    change(probe, "down", now)
    change(probe, "up", now - timedelta(minutes=30))
    (outage,) = outages.outages(Period(now - timedelta(hours=1), now + timedelta(hours=1)))
    assert outage.end == now - timedelta(minutes=30)


def test_it_reads_as_few_changes_of_a_probe_that_flaps(db, now):
    """Of six thousand old outages none is looked at but the last."""
    probe, minute = make.probe(), timedelta(minutes=1)
    kept = {"service": probe.service, "source": probe.source, "title": "", "noticed_at": now}
    StatusChange.objects.bulk_create(
        StatusChange(old="up", new=("up", "down")[n % 2], at=now - (6000 - n) * minute, **kept)
        for n in range(6000)
    )
    begun = time.process_time()
    assert len(outages.outages(Period(now, now))) == 1
    assert time.process_time() - begun < 1


def test_it_gives_failures_newest_first(db, now):
    probe = make.probe()
    for i in range(5):
        Failure.objects.create(probe=probe, at=now + timedelta(seconds=i), reason=f"R{i}")
    assert [f.reason for f in selectors.recent_failures(probe, limit=2)] == ["R4", "R3"]
