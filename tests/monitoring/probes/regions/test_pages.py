"""Pages of a probe that regions ask: choosing them, what each says, and each one's results."""

from datetime import timedelta

import pytest

from monitoring.probes import forms
from monitoring.probes.models import Probe, SightingHour, SightingResult
from monitoring.probes.pages.regions import region_rows, votes_said
from monitoring.regions.services import region_report
from opsconsole.lib.histograms import decode
from tests.monitoring import make
from tests.monitoring.probes.regions.conftest import EU, STEP, US
from tests.monitoring.probes.test_forms import NEW, given

pytestmark = pytest.mark.usefixtures("team")


@pytest.fixture
def offered(monkeypatch, now):
    monkeypatch.setattr(forms, "are_offered", lambda: True)
    for name in (EU, US):
        region_report(name=name, now=now)


@pytest.fixture
def browser(signed_in, manager, frozen):
    return signed_in(manager)


def test_it_offers_none_on_one_machine(browser):
    shown = browser.get(NEW).text
    assert "Where it is asked from" not in shown and "/monitoring/probes/regions/" not in shown


def test_it_says_how_to_get_the_first_one(browser, monkeypatch):
    monkeypatch.setattr(forms, "are_offered", lambda: True)
    make.service()
    assert "no other region has a worker yet" in browser.get(NEW).text


def test_it_takes_the_regions_that_are_chosen(browser, offered):
    browser.post(NEW, given(make.service(), regions=[US, EU], quorum=1))
    probe = Probe.objects.get()
    assert (probe.regions, probe.quorum, probe.needed) == ([EU, US], 1, 1)
    assert set(probe.sightings.values_list("region", flat=True)) == {EU, US}


def test_it_asks_from_here_when_none_is_chosen(browser, offered):
    browser.post(NEW, given(make.service(), quorum=2))
    assert (Probe.objects.get().regions, Probe.objects.get().quorum) == ([], 0)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"regions": ["mars"]}, "has no such choice"),
        ({"regions": [EU], "quorum": 2}, "So many regions are not chosen: 1 at the most."),
        ({"regions": [EU], "quorum": 0}, "must be 1 or more"),
    ],
)
def test_it_says_what_is_wrong_with_them(browser, offered, fields, complaint):
    assert complaint in browser.post(NEW, given(make.service(), **fields)).text
    assert not Probe.objects.exists()


def test_it_keeps_and_takes_away_regions_when_it_is_edited(browser, offered):
    service = make.service()
    browser.post(NEW, given(service, regions=[EU, US]))
    path = f"/monitoring/probes/{Probe.objects.get().pk}/edit/"
    assert browser.get(path).text.count("checked") >= 2
    browser.post(path, given(service, regions=[US]))
    assert list(Probe.objects.get().sightings.values_list("region", flat=True)) == [US]
    browser.post(path, given(service))
    assert (Probe.objects.get().regions, Probe.objects.get().sightings.count()) == ([], 0)


def test_it_shows_what_each_region_says(rounds, signed_in, manager, time_machine):
    asked = rounds()
    asked.cut = {US}
    asked.pass_by()
    asked.pass_by(US)
    time_machine.move_to(asked.now, tick=False)
    shown = signed_in(manager).get(f"/monitoring/probes/{asked.probe.pk}/").text
    assert "From each region" in shown and "down when 2 of 2 say so" in shown
    assert "1 of 2 regions says otherwise, us-east" in shown
    assert "it is down at 2" in shown


def test_it_says_which_region_is_silent(rounds, signed_in, manager, time_machine):
    asked = rounds()
    asked.pass_by(EU)
    asked.pass_by(EU)
    asked.pass_by(EU, step=STEP * 2)
    time_machine.move_to(asked.now, tick=False)
    shown = signed_in(manager).get(f"/monitoring/probes/{asked.probe.pk}/").text
    assert "1 of 2 regions can tell, and 2 are needed: us-east (silent)." in shown
    assert '<span class="quiet">Silent</span>' in shown


@pytest.mark.parametrize(
    ("quorum", "asking", "said"),
    [
        (
            0,
            (EU, US),
            "With two, the silence of either leaves it not measured: choose a third, or let one suffice.",
        ),
        (0, (EU,), "us-east has no vote now, and too few are left to tell."),
        (1, (EU,), "us-east has no vote now: eu-west decides."),
    ],
)
def test_it_says_who_decides(rounds, quorum, asking, said):
    asked = rounds(quorum=quorum)
    for _ in range(4):
        asked.pass_by(*asking)
    assert votes_said(asked.found, region_rows(asked.found, asked.now)) == said


def test_it_says_who_decides_of_three(rounds):
    asked = rounds(EU, US, "ap-south")
    for _ in range(4):
        asked.pass_by(EU, US)
    said = votes_said(asked.found, region_rows(asked.found, asked.now))
    assert said == "ap-south has no vote now: eu-west and us-east decide."
    asked.pass_by()
    assert votes_said(asked.found, region_rows(asked.found, asked.now)) == ""


def test_it_says_of_each_region_how_fast_it_was_answered_and_how_often_not(rounds):
    asked = rounds()
    asked.cut = {US}
    for _ in range(6):
        asked.pass_by()
    near, far = region_rows(asked.found, asked.now)
    assert near.failing == 0 and (far.failing or 0) > 0.7
    hour = SightingHour.objects.get(sighting=asked.seen(EU))
    results = SightingResult.objects.filter(sighting=asked.seen(EU)).count()
    assert (hour.runs, hour.failures, decode(hour.histogram).total()) == (results, 0, results)
    SightingHour.objects.filter(pk=hour.pk).update(histogram="40:4 52:3")
    near = region_rows(asked.found, asked.now)[0]
    assert (round(near.half or 0), round(near.most or 0)) == (33, 95)


def test_it_says_nothing_of_a_region_that_did_not_ask_lately(rounds):
    asked = rounds()
    row = region_rows(asked.found, asked.now + timedelta(hours=26))[0]
    assert (row.half, row.most, row.failing, row.uptime) == (None, None, None, None)


def test_it_lists_the_results_of_each_region_apart(rounds, signed_in, manager):
    asked = rounds()
    asked.cut = {US}
    asked.pass_by()
    path = f"/monitoring/probes/{asked.probe.pk}/results/"
    assert "503" in signed_in(manager).get(f"{path}?region={US}").text
    assert "503" not in signed_in(manager).get(f"{path}?region={EU}").text
    assert signed_in(manager).get(f"{path}?region=mars").status_code == 200


def test_it_asks_two_queries_for_all_regions(rounds, now, django_assert_num_queries):
    asked = rounds(EU, US, "ap-south", "sa-east")
    probe = asked.found
    with django_assert_num_queries(2):
        assert len(region_rows(probe, asked.now)) == 4


def test_it_says_that_regions_have_yet_to_confirm_it(rounds, signed_in, manager, time_machine):
    asked = rounds()
    asked.cut = {EU, US}
    asked.pass_by()
    time_machine.move_to(asked.now, tick=False)
    shown = signed_in(manager).get("/monitoring/probes/").text
    assert "Its regions find that it is down, and have yet to confirm it" in shown
