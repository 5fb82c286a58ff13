"""The pages of silences and maintenance, and the line that says that something is muted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from monitoring.alerts.models import Silence, Window
from tests.incidents.make import service
from tests.monitoring.alerts.make import word

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def client_of(signed_in, responder):
    return signed_in(responder)


def planned(client, **fields):
    known = {"reason": "Update", "services": [service("Checkout").pk], "repeats": "once", "starts_at": "2026-11-18T08:00", "lasts": "2 h", "zone": "Europe/Vienna"}  # fmt: skip
    return client.post(reverse("alerts:window_new"), known | fields)


def test_it_silences_and_ends(client_of):
    given = {"matchers": "alertname=Disk full", "reason": "We know", "lasts": "2 h"}
    assert client_of.post(reverse("alerts:silence_new"), given).status_code == 302
    silence = Silence.objects.get()
    assert "alertname=Disk full" in client_of.get(reverse("alerts:mutes")).content.decode()
    client_of.post(reverse("alerts:silence_end", args=[silence.pk]))
    assert "Nothing is muted." in client_of.get(reverse("alerts:mutes")).content.decode()


@pytest.mark.parametrize(("name", "said"), [("Disk.*", "it fits 2."), ("Disc.*", "it fits none.")])
def test_it_says_how_many_alerts_a_silence_is_about(client_of, name, said):
    word(), word(fingerprint="b"), word(fingerprint="c", firing=False)
    given = {"matchers": f"alertname=~{name}", "reason": "We know", "lasts": "2 h"}
    assert said in client_of.post(reverse("alerts:silence_new"), given, follow=True).content.decode()


def test_it_fills_in_what_fits_an_alert(client_of):
    alert = word(labels={"job": "db"})
    said = client_of.get(reverse("alerts:silence_new"), {"alert": alert.pk}).content.decode()
    assert "job=db" in said
    assert "alertname=Disk full" in said


@pytest.mark.parametrize("wrong", [{"matchers": "x"}, {"lasts": "99 days"}, {"reason": ""}])
def test_it_says_what_is_wrong_with_a_silence(client_of, wrong):
    given = {"matchers": "a=b", "reason": "r", "lasts": "2 h"} | wrong
    assert "error" in client_of.post(reverse("alerts:silence_new"), given).content.decode()
    assert not Silence.objects.exists()


def test_it_plans_maintenance_and_ends_it(client_of):
    planned(client_of, starts_at="2026-11-18T09:00", repeats="weekly", weekdays=[2], wall="09:00", until="2026-12-18T09:00")  # fmt: skip
    window = Window.objects.get()
    said = client_of.get(reverse("alerts:mutes")).content.decode()
    assert said.count("Maintenance of Checkout") == 2  # now, and next week
    client_of.post(reverse("alerts:window_end", args=[window.pk]))
    assert "Maintenance of" not in client_of.get(reverse("alerts:mutes")).content.decode()


def test_it_says_what_is_wrong_with_a_window(client_of):
    said = planned(client_of, repeats="cron", cron="often", until="2026-12-18T09:00").content.decode()
    assert "is not a cron expression" in said
    assert not Window.objects.exists()


def test_it_knows_no_service_with_a_number_beyond_all(client_of):
    assert "has no such choice" in planned(client_of, services="9" * 30).content.decode()


@pytest.mark.parametrize("page", ["alerts:list", "today:page"])
def test_it_says_above_that_something_is_muted(client_of, page):
    planned(client_of)
    assert "One mute is in force: “Update”, until" in client_of.get(reverse(page)).content.decode()


def test_it_says_on_the_alert_why_nobody_is_told(client_of, now):
    planned(client_of)
    alert = word(service=service("Checkout"), now=now + timedelta(seconds=1))
    assert (
        "maintenance, Update (Rafi)"
        in client_of.get(reverse("alerts:detail", args=[alert.pk])).content.decode()
    )


def test_it_says_in_the_list_until_when_a_group_is_muted(client_of):
    planned(client_of), word(service=service("Checkout"))
    assert "muted until" in client_of.get(reverse("alerts:list")).content.decode()


def test_it_is_for_responders(signed_in, viewer):
    client = signed_in(viewer)
    assert planned(client).status_code == 403
    assert "Plan maintenance" not in client.get(reverse("alerts:mutes")).content.decode()


def over(client):
    """Of this morning."""
    planned(client, starts_at="2026-11-18T01:00")
    return Window.objects.get()


def test_it_plans_what_is_over_and_changes_it(client_of):
    window = over(client_of)
    assert "Maintenance that is over" in client_of.get(reverse("alerts:mutes")).content.decode()
    url = reverse("alerts:window", args=[window.pk])
    assert "Update" in client_of.get(url).content.decode()
    given = {"reason": "Longer", "services": [service("Checkout").pk], "repeats": "once", "starts_at": "2026-11-18T01:00", "lasts": "3 h", "zone": "Europe/Vienna"}  # fmt: skip
    assert client_of.post(url, given).status_code == 302
    assert Window.objects.get().lasts == timedelta(hours=3)


def test_it_takes_back_what_never_was(client_of):
    client_of.post(reverse("alerts:window_remove", args=[over(client_of).pk]))
    assert not Window.objects.exists()


def test_it_takes_nothing_that_began_too_long_ago(client_of):
    said = planned(client_of, starts_at="2026-10-01T01:00").content.decode()
    assert "it begins 30 days ago at the earliest" in said
    assert not Window.objects.exists()


def test_it_leads_to_the_first_service_where_there_is_none_to_maintain(client_of, signed_in, manager):
    assert "There is no service yet" in client_of.get(reverse("alerts:window_new")).text
    page = signed_in(manager).get(reverse("alerts:window_new")).text
    assert "/monitoring/services/new/" in page and "For how long" not in page
