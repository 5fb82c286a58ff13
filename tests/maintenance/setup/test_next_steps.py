"""The first steps tick themselves from the data."""

import pytest

from maintenance.setup.steps import STEPS
from monitoring.catalogue.models import Service

URL = "/setup/next/"


def test_it_is_behind_the_sign_in(client, owner):
    assert client.get(URL)["Location"].startswith("/sign-in/")


def test_it_starts_with_everything_to_do(signed_in, owner):
    page = signed_in(owner).get(URL).text
    assert "Your console is ready. Give it something to watch." in page
    assert page.count("To do") == len(STEPS)


def test_it_ticks_what_is_there(signed_in, owner, viewer):
    Service.objects.create(name="API", slug="api")
    page = signed_in(owner).get(URL).text
    assert f"{len(STEPS) - 2} of {len(STEPS)} first steps left" in page
    assert page.count(">Done</span>") == 2


def test_it_leads_nobody_to_what_they_may_not(signed_in, owner, viewer):
    page = signed_in(viewer).get(URL).text
    assert "/settings/people/invite/" not in page
    assert "owners do this" in page


def test_it_says_when_all_is_done(signed_in, owner, monkeypatch):
    monkeypatch.setattr("maintenance.setup.views.STEPS", ())
    assert "Everything is set up." in signed_in(owner).get(URL).text


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.title)
def test_it_leads_to_a_page_that_answers(signed_in, owner, step):
    assert signed_in(owner).get(step.url).status_code == 200


def test_it_asks_once_for_each_step(signed_in, owner, django_assert_max_num_queries):
    client = signed_in(owner)
    client.get(URL)
    with django_assert_max_num_queries(8 + len(STEPS)):
        client.get(URL)
