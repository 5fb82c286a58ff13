"""The pages of deliveries."""

from datetime import timedelta

import pytest

from opsconsole.outbox.messages import Message
from opsconsole.outbox.models import Attempt, Delivery
from tests.opsconsole import make

URL = "/settings/deliveries/"
PART = {"HX-Request": "true", "HX-Target": "deliveries"}


@pytest.fixture
def delivery(team):
    return make.delivery(make.webhook(name="Team chat"))


def test_it_asks_a_stranger_to_sign_in(client, delivery, owner):
    for path in (URL, f"{URL}{delivery.pk}/", f"{URL}{delivery.pk}/progress/"):
        assert client.get(path)["Location"].startswith("/sign-in/")
    for act in ("retry", "cancel"):
        assert client.post(f"{URL}{delivery.pk}/{act}/")["Location"].startswith("/sign-in/")


def test_it_shows_a_viewer_that_it_was_sent_not_what(signed_in, viewer, delivery):
    text = signed_in(viewer).get(f"{URL}{delivery.pk}/").text
    assert "On its way to Team chat" in text
    assert "It answers 502" not in text
    assert "Try now" not in text
    for act in ("retry", "cancel"):
        assert signed_in(viewer).post(f"{URL}{delivery.pk}/{act}/").status_code == 403


@pytest.mark.parametrize("act", ["retry", "cancel"])
def test_it_changes_nothing_when_read(signed_in, responder, delivery, act):
    assert signed_in(responder).get(f"{URL}{delivery.pk}/{act}/").status_code == 405


def test_it_says_on_the_empty_list_what_to_do_next(signed_in, viewer):
    text = signed_in(viewer).get(URL).text
    assert "Nothing has been sent yet" in text
    assert 'href="/settings/channels/"' in text


def test_it_says_first_how_it_stands(signed_in, viewer, delivery, frozen):
    client = signed_in(viewer)
    assert "One message waits to be sent" in client.get(URL).text
    Delivery.objects.update(status="sent")
    assert "Everything gets through" in client.get(URL).text
    Delivery.objects.update(status="failed", created_at=delivery.due_at)
    assert "1 message of the last 7 days was not delivered" in client.get(URL).text


def test_it_narrows_the_list(signed_in, viewer, delivery):
    client = signed_in(viewer)
    assert "API is down" in client.get(URL, {"status": "waiting"}).text
    assert "No message fits" in client.get(URL, {"status": "sent"}).text
    assert "No message fits" in client.get(URL, {"about": "/incidents/8/"}).text
    assert "API is down" in client.get(URL, {"status": "nonsense", "after": "nonsense"}).text


def test_it_narrows_the_list_to_a_time(signed_in, viewer, delivery, now):
    Delivery.objects.update(created_at=now)
    client = signed_in(viewer)
    assert "API is down" in client.get(URL, {"from": "2026-11-18", "to": "2026-11-18"}).text
    assert "No message fits" in client.get(URL, {"from": "2026-11-19", "to": "2026-11-20"}).text
    assert "Write days as" in client.get(URL, {"from": "soon"}).text


def test_it_gives_the_filter_the_rows_alone(signed_in, viewer, delivery):
    text = signed_in(viewer).get(URL, headers=PART).text
    assert text.startswith('<section class="card" id="deliveries">')


def test_it_goes_on_page_by_page(signed_in, viewer):
    channel = make.webhook()
    oldest = make.delivery(channel, message=Message("Oldest", "x"))
    for _ in range(50):
        make.delivery(channel)
    first = signed_in(viewer).get(URL)
    assert "Oldest" not in first.text
    assert f"after={oldest.pk + 1}" in first.text
    assert "Oldest" in signed_in(viewer).get(URL, {"after": oldest.pk + 1}).text


def test_it_makes_no_link_of_an_address_in_the_filter(signed_in, viewer, team):
    assert 'href="javascript' not in signed_in(viewer).get(URL, {"about": "javascript:alert(1)"}).text


def test_it_shows_a_responder_what_was_sent_without_its_keys(signed_in, responder):
    message = Message("Down", "Acknowledge: https://ops/a/Zk3jd93kdkf93kd0sk3kd93k\n")
    delivery = make.delivery(make.webhook(), message=message)
    text = signed_in(responder).get(f"{URL}{delivery.pk}/").text
    assert "Acknowledge: https://ops/a/…" in text
    assert "Zk3jd93kdkf93kd0sk3kd93k" not in text


def test_it_does_not_show_a_private_message(signed_in, owner):
    delivery = make.delivery(
        recipient="a@b.at", message=Message("Set a password", "s3cr3t", "", {"private": True})
    )
    assert "s3cr3t" not in signed_in(owner).get(f"{URL}{delivery.pk}/").text


def test_it_lists_every_attempt_with_answer_and_time(signed_in, viewer, delivery, now):
    Attempt.objects.create(delivery=delivery, at=now, ok=False, detail="The receiver answered 503.", ms=15001)
    Delivery.objects.update(attempts=1, last_error="The receiver answered 503.")
    text = signed_in(viewer).get(f"{URL}{delivery.pk}/").text
    assert "Team chat has not taken it yet" in text
    assert "The receiver answered 503." in text
    assert "15.0" in text


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("sent", "Delivered to Team chat"),
        ("failed", "Not delivered to Team chat"),
        ("cancelled", "Not sent to Team chat"),
    ],
)
def test_it_says_how_it_ended(signed_in, responder, delivery, status, said):
    Delivery.objects.update(status=status)
    text = signed_in(responder).get(f"{URL}{delivery.pk}/").text
    assert said in text
    assert "hx-get" not in text
    assert ("Try now" in text) == (status == "failed")


def test_it_is_tried_again(signed_in, responder, delivery):
    Delivery.objects.update(status="failed")
    text = signed_in(responder).post(f"{URL}{delivery.pk}/retry/", follow=True).text
    assert "It is tried now." in text
    assert Delivery.objects.get().status == "waiting"


def test_it_is_cancelled_and_sent_after_all(signed_in, responder, delivery):
    client = signed_in(responder)
    assert "Send it after all" in client.post(f"{URL}{delivery.pk}/cancel/", follow=True).text
    client.post(f"{URL}{delivery.pk}/retry/")
    assert Delivery.objects.get().status == "waiting"


@pytest.mark.parametrize(
    ("act", "said"), [("retry", "has been delivered"), ("cancel", "cannot be cancelled")]
)
def test_it_says_what_is_too_late(signed_in, responder, delivery, act, said):
    Delivery.objects.update(status="sent")
    assert said in signed_in(responder).post(f"{URL}{delivery.pk}/{act}/", follow=True).text


def test_it_asks_for_progress_only_while_something_is_about_to_happen(
    signed_in, viewer, delivery, frozen, now
):
    client = signed_in(viewer)
    assert "hx-get" in client.get(f"{URL}{delivery.pk}/progress/").text
    Delivery.objects.update(due_at=now + timedelta(minutes=5), attempts=1)
    assert "hx-get" not in client.get(f"{URL}{delivery.pk}/progress/").text


@pytest.mark.parametrize(
    ("seen_on", "refreshes"),
    [
        ("http://testserver/settings/channels/1/", True),
        ("http://testserver/settings/deliveries/1/?a=b", True),
        ("http://evil.example/x", False),
        ("javascript:alert(1)", False),
        ("http://[x", False),
        ("", False),
    ],
)
def test_it_brings_its_page_up_to_date_with_progress_that_has_ended(
    signed_in, viewer, delivery, seen_on, refreshes
):
    Delivery.objects.update(status="sent")
    headers = {"HX-Request": "true", "HX-Current-URL": seen_on}
    text = signed_in(viewer).get(f"{URL}{delivery.pk}/progress/", headers=headers).text
    assert ("hx-select-oob" in text) == refreshes


def test_it_does_not_send_again_progress_that_has_not_changed(signed_in, viewer, delivery, frozen):
    client = signed_in(viewer)
    first = client.get(f"{URL}{delivery.pk}/progress/")
    again = {"If-None-Match": first["ETag"]}
    assert client.get(f"{URL}{delivery.pk}/progress/", headers=again).status_code == 304
    Delivery.objects.update(status="sent")
    assert client.get(f"{URL}{delivery.pk}/progress/", headers=again).status_code == 200
    assert client.get(f"{URL}999999/progress/").status_code == 404


def test_it_does_not_find_what_does_not_exist(signed_in, responder):
    assert signed_in(responder).get(f"{URL}999999/").status_code == 404


def test_it_keeps_a_delivery_of_a_removed_channel_readable(signed_in, viewer, now):
    delivery = make.delivery(make.webhook(name="Gone", removed_at=now))
    assert "Gone" in signed_in(viewer).get(f"{URL}{delivery.pk}/").text
    assert "Gone" in signed_in(viewer).get(URL).text


@pytest.mark.parametrize("count", [2, 60])
def test_it_asks_a_constant_number_of_queries_however_long_the_list(
    signed_in, viewer, count, django_assert_max_num_queries, now
):
    for number in range(count):
        delivery = make.delivery(make.webhook(health="failing") if number % 2 else None)
        Attempt.objects.create(delivery=delivery, at=now, ok=False)
    client = signed_in(viewer)
    with django_assert_max_num_queries(20):
        client.get(URL)


@pytest.mark.parametrize("count", [1, 60])
def test_it_asks_a_constant_number_of_queries_however_often_it_was_tried(
    signed_in, viewer, delivery, count, django_assert_max_num_queries, now
):
    for _ in range(count):
        Attempt.objects.create(delivery=delivery, at=now, ok=False)
    client = signed_in(viewer)
    with django_assert_max_num_queries(14):
        client.get(f"{URL}{delivery.pk}/")
