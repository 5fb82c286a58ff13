"""The team's name and zone."""

from opsconsole.accounts.models import Team
from opsconsole.accounts.services import ping_key_renew, team_update

URL = "/settings/"


def test_it_changes_name_and_zone(signed_in, owner):
    signed_in(owner).post(URL, {"name": "Acme Ops", "time_zone": "Asia/Tokyo"})
    assert (Team.objects.get().name, Team.objects.get().time_zone) == ("Acme Ops", "Asia/Tokyo")


def test_it_shows_the_rest_without_a_form(signed_in, viewer):
    page = signed_in(viewer).get(URL).text
    assert "Europe/Vienna" in page
    assert 'name="time_zone"' not in page


def test_it_refuses_others(signed_in, manager):
    answer = signed_in(manager).post(URL, {"name": "Mine", "time_zone": "UTC"})
    assert answer.status_code == 403
    assert "needs the role owner" in answer.text


def test_it_says_what_is_wrong(signed_in, owner):
    answer = signed_in(owner).post(URL, {"name": "", "time_zone": "Nowhere"})
    assert "is not a time zone" in answer.text
    assert Team.objects.get().name == "Acme"


def test_it_keeps_the_ping_key_from_readers(signed_in, viewer, responder, team):
    assert team.ping_key not in signed_in(viewer).get(URL).text
    assert team.ping_key in signed_in(responder).get(URL).text


def test_it_replaces_the_key_of_pings_by_name(signed_in, owner, team):
    client = signed_in(owner)
    assert "the old one cannot be brought back" in client.get(URL).text
    page = client.post(f"{URL}ping-key/renew/", follow=True).text
    now = Team.objects.get().ping_key
    assert now != team.ping_key and len(now) == 22
    assert f"/ping/{now}/" in page and team.ping_key not in page
    assert now not in client.get("/settings/audit/").text, "the trail says that it changed, not to what"


def test_it_brings_no_replaced_key_back_with_a_new_name(owner, team):
    stale = Team.objects.get()
    ping_key_renew(actor=owner, team=team)
    team_update(actor=owner, team=stale, name="Acme Ops", time_zone="UTC")
    assert Team.objects.get().ping_key == team.ping_key != stale.ping_key


def test_it_lets_nobody_else_replace_the_key(signed_in, manager, team):
    assert signed_in(manager).post(f"{URL}ping-key/renew/").status_code == 403
    assert Team.objects.get().ping_key == team.ping_key


def test_it_replaces_no_key_by_a_look(signed_in, owner, team):
    assert signed_in(owner).get(f"{URL}ping-key/renew/").status_code == 405
