"""The page of incoming mails."""

import pytest

from opsconsole.inmail import services
from opsconsole.inmail.models import Mailbox
from opsconsole.inmail.tasks import sort
from opsconsole.lib.secrets import digest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
PAGE = "/settings/mail/"


def test_it_is_for_managers(signed_in, responder):
    assert signed_in(responder).get(PAGE).status_code == 403
    assert signed_in(responder).post(f"{PAGE}key/").status_code == 403


def test_it_shows_how_to_begin(signed_in, manager):
    assert "No mails can come in yet" in signed_in(manager).get(PAGE).text


def test_it_shows_a_key_once(signed_in, manager):
    client = signed_in(manager)
    shown = client.post(f"{PAGE}key/").text
    key = shown.partition("/in/email/")[2].partition("<")[0]
    assert Mailbox.objects.get().digest == digest(key)
    assert key not in client.get(PAGE).text
    assert client.get(f"{PAGE}key/").status_code == 405


def test_it_tells_what_came_and_what_became_of_it(signed_in, manager, now, django_assert_max_num_queries):
    for n in range(60):
        services.message_store(
            raw=f"From: a@example.com\nSubject: <b>{n}\n\nx".encode(), envelope=[], now=now
        )
    sort(now)
    client = signed_in(manager)
    client.get(PAGE)
    with django_assert_max_num_queries(12):
        page = client.get(PAGE).text
    assert "&lt;b&gt;59" in page
    assert "Nobody here takes mails to no address." in page
