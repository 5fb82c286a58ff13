"""Beside an incident stands what was changed on purpose in the two hours before it began."""

from datetime import timedelta

import pytest

from incidents.response.models import Page
from monitoring.changes.selectors import changes_before
from opsconsole.lib.secrets import digest
from tests.incidents import make
from tests.monitoring import make as monitored

pytestmark = pytest.mark.django_db
URL = "/incidents/INC-001/"


@pytest.fixture
def incident(mail, checkout, frozen):
    return make.incident(service=checkout)


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(minutes=5), True),
        (timedelta(0), True),
        (timedelta(hours=2), False),
        (-timedelta(minutes=1), False),
    ],
)
def test_it_shows_two_hours_before(signed_in, responder, incident, now, ago, shown):
    monitored.change("Checkout 4.2", now - ago)
    assert ("Checkout 4.2" in signed_in(responder).get(URL).text) is shown


def test_it_puts_first_what_concerns_the_service(incident, checkout, now):
    own = monitored.change("Own", now - timedelta(minutes=90), service=checkout)
    other = monitored.change("Other", now - timedelta(minutes=1))
    assert changes_before(now, [checkout.pk]) == [own, other]


def test_it_says_nothing_where_nothing_was_changed(signed_in, responder, incident):
    assert "Changed in the two hours" not in signed_in(responder).get(URL).text


def test_it_stands_on_the_page_behind_the_link_of_a_message(client, incident, now):
    monitored.change("<i>Checkout 4.2", now - timedelta(minutes=5))
    Page.objects.update(digest=digest("t" * 32))
    page = client.get(f"/a/{'t' * 32}")
    assert "&lt;i&gt;Checkout 4.2" in page.text
