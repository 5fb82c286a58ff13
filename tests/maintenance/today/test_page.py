"""The ops manager's page: what it says, with and without an open checklist."""

from datetime import timedelta

import pytest
from django.urls import reverse

from incidents.response.opening import incident_open
from maintenance.checklists.states import RunStatus
from monitoring.catalogue.models import Service
from opsconsole.accounts.roles import SYSTEM
from opsconsole.measures.verdicts import Verdict
from tests.maintenance import make
from tests.monitoring import make as make_watched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
TODAY = "/today/"
HTMX = {"HX-Request": "true", "HX-Target": "worksheet"}


@pytest.fixture
def run(owner, now):
    run = make.run(due_at=now)
    make.found(run)
    return run


def text(response) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_it_wants_a_sign_in(client, owner):
    assert client.get(TODAY).status_code == 302


def test_it_only_reads(signed_in, owner):
    assert signed_in(owner).post(TODAY).status_code == 405


def test_it_can_be_signed_off_at_once_when_all_is_green(signed_in, responder, run):
    page = text(signed_in(responder).get(TODAY))
    assert "Everything is fine. Sign off." in page
    assert "1 fine" in page
    assert 'class="button primary" data-key="shift+enter"' in page


def test_it_begins_with_what_is_wrong(signed_in, responder, run):
    make.answer(run, "Payments went through")
    make.found(run, Verdict.LOOK, "Is it fast?")
    make.found(run, Verdict.BAD, "Does it answer?")
    page = text(signed_in(responder).get(TODAY))
    assert "Two things need you, and one question waits for your answer. Everything else is fine." in page
    assert page.index("Does it answer?") < page.index("Is it fast?") < page.index("Payments went through")
    assert page.count('aria-current="true"') == 1


def test_it_lets_viewers_read_only(signed_in, viewer, run):
    make.answer(run, "Payments went through")
    page = text(signed_in(viewer).get(TODAY))
    assert "Payments went through" in page
    assert "data-key=" not in page
    assert "data-poll" not in page


def test_it_names_every_run_that_is_open(signed_in, viewer, run, now):
    names = [f"List {number}" for number in range(6)]
    for name in names:
        make.run(make.template(name), due_at=now)
    page = text(signed_in(viewer).get(TODAY)).partition("Also open")[2]
    assert [name for name in names if name not in page] == []


def test_it_shows_the_run_that_was_due_first_and_names_the_others(signed_in, responder, run, now):
    first = make.run(make.template("Review"), now - timedelta(minutes=1))
    page = text(signed_in(responder).get(TODAY))
    assert reverse("checklists:sign_off", args=[first.pk]) in page
    assert reverse("checklists:run", args=[run.pk]) in page[page.index("Also open") :]


def test_it_offers_what_was_missed_for_a_day(signed_in, responder, run, now, frozen):
    run.status, run.missed_at = RunStatus.MISSED, now
    run.save()
    client = signed_in(responder)
    assert "was to be signed off by" in text(client.get(TODAY))
    frozen.shift(timedelta(hours=25))
    assert "Sign off" not in text(client.get(TODAY))


def test_it_says_when_the_next_opens_and_how_things_are(signed_in, viewer, now):
    make.template(next_at=now + timedelta(hours=8))
    page = text(signed_in(viewer).get(TODAY))
    assert "Nothing is watched yet. Next: Morning, " in page
    assert "17:00 CET" in page


def test_it_says_who_signed_off(signed_in, responder, run, now):
    signed_in(responder).post(reverse("checklists:sign_off", args=[run.pk]), {"next": TODAY})
    page = text(signed_in(responder).get(TODAY))
    assert f"by {responder}" in page
    assert "Morning: signed off." in page


def test_it_shows_open_incidents_and_services(signed_in, viewer, now):
    Service.objects.create(name="API", slug="api")
    incident_open(actor=SYSTEM, title="Payments fail", severity=2, now=now - timedelta(minutes=38, seconds=5))
    page = text(signed_in(viewer).get(TODAY))
    assert "One incident is open: Payments fail." in page
    assert "P2, 38 min<" in page
    assert "1 not measured" in page


def test_it_gives_the_card_alone_and_its_heading_out_of_band(signed_in, responder, run):
    page = text(signed_in(responder).get(TODAY, headers=HTMX))
    assert page.lstrip().startswith('<div class="head" id="head" hx-swap-oob="true">')
    assert 'id="worksheet"' in page
    assert "<html" not in page


def test_it_asks_for_the_whole_page_when_somebody_else_has_signed(signed_in, responder, owner):
    response = signed_in(responder).get(TODAY, headers=HTMX)
    assert response["HX-Refresh"] == "true"


def test_it_asks_the_same_few_queries_however_much_there_is(
    signed_in, responder, run, now, django_assert_max_num_queries
):
    for i in range(30):
        make.found(run, Verdict.LOOK, f"Check {i}")
        incident_open(actor=SYSTEM, title=f"Incident {i}", severity=2, now=now)
        Service.objects.create(name=f"Service {i}", slug=f"service-{i}")
    client = signed_in(responder)
    with django_assert_max_num_queries(24):
        client.get(TODAY)


def test_it_brings_the_last_90_days_by_themselves(signed_in, viewer, now):
    page = text(signed_in(viewer).get(TODAY))
    assert 'hx-get="/today/quarter/"' in page
    assert "Nothing is watched yet" in text(signed_in(viewer).get("/today/quarter/"))


def test_it_shows_the_troubled_and_the_important_services_first(signed_in, viewer, now):
    for tier, name in ((3, "Docs"), (1, "API"), (2, "Mail"), (1, "Web"), (2, "Search")):
        make_watched.probe(f"{name} answers", service=make_watched.service(name, tier=tier), status="up")
    make_watched.probe("Docs are slow", service=make_watched.service("Docs"), status="degraded")
    card = text(signed_in(viewer).get("/today/quarter/"))
    assert card.index("Docs") < card.index("API") < card.index("Web") < card.index("Mail")
    assert "Search" not in card
    assert "All 5 services" in card


def test_it_reads_the_last_90_days_with_few_queries(signed_in, viewer, django_assert_max_num_queries):
    for i in range(30):
        make_watched.probe(f"Probe {i}", service=make_watched.service(f"Service {i}"), status="up")
    client = signed_in(viewer)
    with django_assert_max_num_queries(9):
        client.get("/today/quarter/")
