"""A probe that regions ask: one region's fault alarms nobody, what most of them say does, and too few to tell is unknown."""

from datetime import timedelta

from monitoring.catalogue.models import StatusChange
from monitoring.probes.engine.batch import run_once
from monitoring.probes.engine.store import store
from monitoring.probes.models import Bucket, Failure, Probe, Result, Sighting, SightingHour, SightingResult
from opsconsole.lib.moments import to_ms
from tests.monitoring import make
from tests.monitoring.probes.regions.conftest import AP, EU, US

RETRY = timedelta(seconds=10)


def changes() -> list[str]:
    return list(StatusChange.objects.order_by("id").values_list("new", flat=True))


def test_it_is_up_when_its_regions_say_so(rounds):
    found = rounds(EU, US, AP).found
    assert (found.status, found.last_code, found.last_error) == ("up", 200, "")
    assert changes() == ["up"]


def test_it_alarms_nobody_for_one_region(rounds):
    asked = rounds()
    asked.cut = {US}
    for _ in range(5):
        found = asked.pass_by(step=RETRY)
    assert (found.status, asked.seen(US).status, asked.seen(EU).status) == ("up", "down", "up")
    assert found.last_error == "1 of 2 regions says otherwise, us-east (It answered 503; expected is 200-299)"
    assert changes() == ["up"]


def test_it_is_down_when_enough_have_confirmed_it(rounds):
    asked = rounds()
    asked.cut = {EU, US}
    first = asked.pass_by()
    assert (first.status, first.is_pending) == ("up", True)
    found = asked.pass_by(step=RETRY)
    assert (found.status, found.status_since) == ("down", asked.now - RETRY)
    assert (
        found.last_error == "2 of 2 regions say so, eu-west and us-east: It answered 503; expected is 200-299"
    )
    assert changes() == ["up", "down"]


def test_it_is_up_again_when_too_few_say_down(rounds):
    asked = rounds()
    asked.cut = {EU, US}
    asked.pass_by()
    asked.pass_by(step=RETRY)
    asked.cut = {EU}
    assert asked.pass_by().status == "up"


def test_it_takes_a_quorum_of_its_own(rounds):
    asked = rounds(EU, US, AP, quorum=1)
    asked.cut = {AP}
    asked.pass_by()
    assert asked.pass_by(step=RETRY).status == "down"


def test_it_takes_a_silent_region_out_of_the_vote(rounds):
    asked = rounds(EU, US, AP)
    asked.cut = {EU, US}
    for _ in range(5):
        found = asked.pass_by(EU, US)
    assert (found.status, found.last_error.count("ap-south")) == ("down", 0)


def test_it_is_unknown_when_too_few_are_left(rounds):
    asked = rounds()
    for _ in range(4):
        found = asked.pass_by(EU)
    assert (found.status, found.last_outcome) == ("unknown", "unknown")
    assert found.last_error == "1 of 2 regions can tell, and 2 are needed: us-east (silent)"
    assert asked.pass_by().status == "up"


def test_it_lets_either_of_two_decide_where_one_suffices(rounds):
    asked = rounds(quorum=1)
    for _ in range(4):
        found = asked.pass_by(EU)
    assert (found.status, found.last_outcome) == ("up", "up")
    asked.cut = {EU}
    asked.pass_by(EU)
    assert asked.pass_by(EU, step=RETRY).status == "down"
    assert changes() == ["up", "down"]


def test_it_is_unknown_when_all_are_silent_and_never_green(rounds):
    asked = rounds()
    for minutes in (5, 1):
        asked.now += timedelta(minutes=minutes)
        run_once(asked.now)
    assert (asked.found.status, changes()) == ("unknown", ["up", "unknown"])


def test_it_waits_for_regions_that_were_stopped_with_everything(rounds):
    asked = rounds()
    asked.now += timedelta(minutes=5)
    run_once(asked.now)
    assert (asked.found.status, asked.found.last_outcome) == ("up", "unknown")
    asked.pass_by()
    assert changes() == ["up"]


def test_it_counts_every_minute_however_seldom_it_asks(rounds):
    asked = rounds(interval=86_400)
    asked.now += timedelta(minutes=2)
    for _ in range(2):
        asked.report(EU)
        run_once(asked.now)
        asked.now += timedelta(minutes=1)
    assert asked.found.status == "unknown"
    asked.report(US)
    asked.report(EU)
    run_once(asked.now)
    assert asked.found.status == "up"


def test_it_doubts_itself_by_what_is_asked_from_here_alone(rounds):
    asked = rounds()
    here = make.probe("Here", next_at=asked.now + RETRY)
    before = asked.found.next_at
    store().hasten(to_ms(asked.now), 5)
    here.refresh_from_db()
    assert (here.next_at, asked.found.next_at) == (asked.now, before)


def test_it_does_not_hear_a_region_that_reaches_nothing_itself(rounds):
    asked = rounds(EU, US, AP)
    asked.cut = {EU, US}
    asked.pass_by()
    asked.now += RETRY
    asked.report(US, trouble="It reaches nothing at all.")
    run_once(asked.now)
    assert (
        asked.found.last_error
        == "1 of 3 regions says otherwise, eu-west (It answered 503; expected is 200-299)"
    )


def test_it_counts_every_moment_once_whatever_the_number_of_regions(rounds):
    asked = rounds(EU, US, AP)
    begun = asked.now
    asked.cut = {EU, AP}
    for _ in range(20):
        asked.pass_by()
    minutes = Bucket.objects.filter(probe_id=asked.probe.pk).values_list("up", "degraded", "down", "unknown")
    assert sum(map(sum, minutes)) == (asked.now - begun).total_seconds() * 1000 + 5000


def test_it_keeps_what_each_region_found_apart(rounds):
    asked = rounds()
    asked.cut = {US}
    asked.pass_by()
    assert set(Failure.objects.values_list("region", flat=True)) == {US}
    assert SightingResult.objects.filter(sighting=asked.seen(US), outcome=2).count() == 1
    assert SightingHour.objects.get(sighting=asked.seen(EU)).up == 35_000


def test_it_asks_the_others_at_once_when_one_says_down(rounds):
    asked = rounds()
    asked.cut = {US}
    asked.now += timedelta(seconds=12)
    Sighting.objects.filter(region=US).update(next_at=asked.now)
    Sighting.objects.filter(region=EU).update(next_at=asked.now + RETRY)
    asked.ask(US)
    assert asked.seen(EU).next_at == asked.now


def test_it_runs_what_names_no_region_from_here_as_ever(rounds, target):
    asked = rounds()
    make.probe("Here", target.url(), next_at=asked.now)
    asked.ask()
    here = Probe.objects.get(name="Here")
    assert (here.status, here.sightings.count()) == ("up", 0)
    assert Result.objects.filter(probe=here).count() == 1
