"""Opening an incident by hand, with what each severity means beside the choice."""

import pytest

from incidents.response.models import Incident

pytestmark = pytest.mark.django_db
URL = "/incidents/new/"
GIVEN = {"title": "Checkout answers 502", "severity": "1"}


def test_it_asks_strangers_to_sign_in(client, owner):
    assert client.get(URL).status_code == 302


def test_it_is_not_for_viewers(signed_in, viewer):
    assert signed_in(viewer).get(URL).status_code == 403
    assert signed_in(viewer).post(URL, GIVEN).status_code == 403


def test_it_shows_the_criteria_beside_the_choice(signed_in, responder):
    html = signed_in(responder).get(URL).content.decode()
    assert "Nobody can use the product, or nobody can pay." in html
    assert "Acknowledge within 5 min." in html


def test_it_opens_and_goes_there(signed_in, responder, checkout, mail):
    answer = signed_in(responder).post(
        URL, GIVEN | {"service": checkout.pk, "description": "Since the release"}
    )
    incident = Incident.objects.get()
    assert answer.url == "/incidents/INC-001/"
    assert (incident.title, incident.service, incident.source) == ("Checkout answers 502", checkout, "")


def test_it_opens_a_drill(signed_in, responder):
    signed_in(responder).post(URL, GIVEN | {"is_drill": "on"})
    assert Incident.objects.get().is_drill


def test_it_says_what_is_missing(signed_in, responder):
    html = signed_in(responder).post(URL, {}).content.decode()
    assert "Say in a few words what is wrong." in html
    assert "Choose what fits best" in html
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"severity": "7"}, {"severity": "x"}, {"service": "99"}, {"title": "x" * 161}]
)
def test_it_refuses_what_makes_no_sense(signed_in, responder, wrong):
    assert b"errors" in signed_in(responder).post(URL, GIVEN | wrong).content
    assert not Incident.objects.exists()


def test_it_takes_what_a_link_fills_in(signed_in, responder, checkout):
    html = (
        signed_in(responder).get(f"{URL}?title=Backup+failed&severity=P2&service=checkout").content.decode()
    )
    assert 'value="Backup failed"' in html
    assert f'<option value="{checkout.pk}" selected>' in html


def test_it_bears_a_link_that_makes_no_sense(signed_in, responder):
    assert signed_in(responder).get(f"{URL}?severity=bad&service=none").status_code == 200


def test_it_escapes_what_people_write(signed_in, responder):
    signed_in(responder).post(URL, GIVEN | {"title": "<b>x</b>"})
    assert b"<b>x</b>" not in signed_in(responder).get("/incidents/").content
