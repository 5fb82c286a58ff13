"""One's own name and zone."""

from django.urls import reverse

URL = "/settings/profile/"


def test_it_is_behind_the_sign_in(client, owner):
    assert client.get(URL)["Location"] == f"{reverse('accounts:sign_in')}?next={URL}"


def test_it_changes_name_and_zone(signed_in, viewer):
    signed_in(viewer).post(URL, {"name": "Vera V.", "time_zone": "Asia/Kathmandu"})
    viewer.refresh_from_db()
    assert (viewer.name, viewer.time_zone) == ("Vera V.", "Asia/Kathmandu")


def test_it_refuses_an_unknown_zone_with_a_sentence(signed_in, viewer):
    assert (
        "Mars/Olympus” is not a time zone" in signed_in(viewer).post(URL, {"time_zone": "Mars/Olympus"}).text
    )


def test_it_cannot_change_the_role(signed_in, viewer):
    signed_in(viewer).post(URL, {"name": "V", "role": "owner", "is_active": "", "email": "x@example.com"})
    viewer.refresh_from_db()
    assert (viewer.role, viewer.is_active, viewer.email) == ("viewer", True, "vera@example.com")
