"""Regions are known by the workers that report; one that falls silent is told, and one that nobody needs can be forgotten."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from monitoring.probes.services import Places, probe_create
from monitoring.regions import selectors
from monitoring.regions.gauges import heard
from monitoring.regions.models import Region
from monitoring.regions.services import region_forget, region_report
from monitoring.regions.states import is_name, is_silent
from monitoring.regions.watches import mute
from opsconsole.accounts.roles import SYSTEM
from opsconsole.health.models import Gap, Pulse
from tests.monitoring import make

pytestmark = pytest.mark.usefixtures("team")
URL = "/monitoring/probes/regions/"
LATER = timedelta(minutes=2)


@pytest.fixture
def asked(now):
    """A probe that eu-west asks."""
    region_report(name="eu-west", now=now)
    return probe_create(
        actor=SYSTEM, service=make.service(), name="Front page", now=now,
        config={"url": "https://shop.example.com/"}, places=Places(("eu-west",)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("eu-west", True),
        ("a", True),
        ("eu-1", True),
        ("", False),
        ("EU", False),
        ("-a", False),
        ("a" * 31, False),
    ],
)
def test_it_takes_short_plain_names(name, fits):
    assert is_name(name) == fits


@pytest.mark.parametrize(
    ("seconds", "silent"), [(0, False), (60, False), (61, True), (-200, False), (-400, True)]
)
def test_it_is_silent_after_a_minute_whoever_has_the_wrong_clock(now, seconds, silent):
    assert is_silent(now - timedelta(seconds=seconds), now) == silent


def test_it_is_there_once_a_worker_reports(now):
    region_report(name="eu-west", now=now)
    region_report(name="eu-west", now=now + LATER, trouble="It reaches nothing.")
    (found,) = selectors.regions(now + LATER)
    assert (found.name, found.seen_at, found.complaint) == ("eu-west", now + LATER, "It reaches nothing.")
    assert Gap.objects.get().part == Pulse.objects.get().part == "region eu-west"


def test_it_tells_of_a_region_that_is_needed_and_silent(now, asked):
    region_report(name="unused", now=now)
    assert mute(now).count == 0
    found = mute(now + LATER)
    assert (found.count, found.oldest) == (1, now)
    assert found.sentence.endswith("no vote: eu-west.")


def test_it_does_not_miss_a_region_whose_probes_are_paused(now, asked):
    asked.sightings.update(next_at=None)
    assert mute(now + LATER).count == 0


def test_it_says_at_metrics_when_each_was_heard(now, asked):
    when, votes = heard(now + LATER)
    assert [(s.value, s.labels["region"]) for s in when.samples] == [(now.timestamp(), "eu-west")]
    assert [sample.value for sample in votes.samples] == [0]


def test_it_is_not_forgotten_while_a_probe_is_asked_from_it(now, asked):
    with pytest.raises(ValidationError, match="choose other regions"):
        region_forget(actor=SYSTEM, region=Region.objects.get())
    assert Pulse.objects.exists()


def test_it_is_forgotten_by_a_manager(now, frozen, signed_in, manager, responder):
    region_report(name="eu-west", now=now - LATER)
    assert signed_in(responder).post(f"{URL}eu-west/forget/").status_code == 403
    assert "Forget" in signed_in(manager).get(URL).text
    shown = signed_in(manager).post(f"{URL}eu-west/forget/", follow=True).text
    assert "eu-west is forgotten" in shown
    assert not Region.objects.exists() and not Pulse.objects.exists()


def test_it_explains_in_one_sentence_why_one_machine_has_no_regions(signed_in, manager):
    shown = signed_in(manager).get(URL).text
    assert "All probes are asked from here" in shown
    assert "move it to PostgreSQL and Redis first" in shown


def test_it_says_how_to_start_the_first_one(signed_in, manager, monkeypatch):
    monkeypatch.setattr(selectors, "are_offered", lambda: True)
    shown = signed_in(manager).get(URL).text
    assert "worker --region eu-west" in shown


def test_it_shows_who_reports_and_who_is_silent(now, frozen, signed_in, manager, asked):
    region_report(name="us-east", now=now - LATER)
    shown = signed_in(manager).get(URL).text.partition("<main")[2]
    assert "Nothing has been heard from it for over a minute." in shown
    assert shown.count("Reports</") == 1 and shown.count("Silent</") == 1
