"""People speak beside the figures."""

import pytest
from django.core.exceptions import ValidationError

from maintenance.reports import services
from maintenance.reports.models import Comment
from opsconsole.measures.registry import measures
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("old_team", "bare", "frozen")]
URL = f"/reports/weekly/{WEEK}/comments/"


@pytest.fixture(autouse=True)
def uptime(headline):
    headline("acme.up", lambda period: 99.95, title="Uptime", unit="%")


@pytest.fixture
def said(responder, now):
    return services.comment_add(actor=responder, week=WEEK, text="The <b>disk</b> was *full*.", now=now)


def test_it_takes_a_comment_on_a_figure(signed_in, responder):
    answer = signed_in(responder).post(URL, {"text": "We moved.", "figure": "acme.up"}, follow=True)
    page = answer.content.decode()
    assert "We moved." in page
    assert "on Uptime" in page
    assert Comment.objects.get().signature == "Rafi"


def test_it_never_takes_markup(signed_in, viewer, said):
    page = signed_in(viewer).get(f"/reports/weekly/{WEEK}/").content.decode()
    assert "The &lt;b&gt;disk&lt;/b&gt; was <em>full</em>." in page


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"text": " "}, "Write what you want to say."),
        ({"text": "x" * 2001}, "Keep it under 2,000 characters"),
        ({"text": "x", "figure": "acme.unheard"}, "Choose one of the figures"),
    ],
)
def test_it_says_what_is_wrong_with_a_comment(signed_in, responder, fields, complaint):
    answer = signed_in(responder).post(URL, fields)
    assert answer.status_code == 400
    assert complaint in answer.content.decode()
    assert not Comment.objects.exists()


def test_it_says_it_of_a_figure_that_is_measured_no_more(signed_in, responder, monkeypatch):
    services.report_publish(week=WEEK, zone=VIENNA, now=MONDAY, mail=False)
    monkeypatch.delitem(measures._entries, "acme.up")
    answer = signed_in(responder).post(URL, {"text": "We moved.", "figure": "acme.up"})
    assert (answer.status_code, "There is no figure named" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [({"text": " "}, "Write something"), ({"text": "x" * 2001}, "2,000"), ({"figure": "x.y"}, "no figure")],
)
def test_it_takes_nothing_in_the_service_that_the_form_would_not(responder, now, fields, complaint):
    given = {"text": "Fine.", "figure": ""} | fields
    with pytest.raises(ValidationError, match=complaint):
        services.comment_add(actor=responder, week=WEEK, now=now, **given)


def test_it_lets_viewers_only_read(signed_in, viewer, said):
    client = signed_in(viewer)
    assert client.post(URL, {"text": "x"}).status_code == 403
    assert client.post(f"/reports/comments/{said.pk}/withdraw/").status_code == 403
    assert "<textarea" not in client.get(f"/reports/weekly/{WEEK}/").content.decode()


def test_it_sends_strangers_to_the_sign_in(client, owner):
    assert client.post(URL, {"text": "x"}).status_code == 302
    assert not Comment.objects.exists()


def test_it_withdraws_and_puts_back(signed_in, responder, said):
    client = signed_in(responder)
    page = client.post(f"/reports/comments/{said.pk}/withdraw/", follow=True).content.decode()
    assert "disk" not in page
    assert "Put back" in page
    assert "disk" in client.post(f"/reports/comments/{said.pk}/restore/", follow=True).content.decode()


@pytest.mark.parametrize("act", ["withdraw", "restore"])
def test_it_obeys_managers_and_for_ones_own_responders(signed_in, manager, responder, now, act):
    other = services.comment_add(actor=manager, week=WEEK, text="Mine.", now=now)
    assert signed_in(responder).post(f"/reports/comments/{other.pk}/{act}/").status_code == 403
    own = services.comment_add(actor=responder, week=WEEK, text="Mine.", now=now)
    assert signed_in(manager).post(f"/reports/comments/{own.pk}/{act}/").status_code == 302


def test_it_changes_nothing_on_get(signed_in, responder, said):
    client = signed_in(responder)
    assert client.get(f"/reports/comments/{said.pk}/withdraw/").status_code == 405
    assert client.get(URL).status_code == 405


def test_it_does_not_know_a_comment_that_is_not_there(signed_in, manager):
    assert signed_in(manager).post("/reports/comments/999/withdraw/").status_code == 404


def test_it_stands_in_the_audit_trail_by_its_week(signed_in, owner, said):
    assert f"comment <b>on {WEEK}</b>" in signed_in(owner).get("/settings/audit/").text


def test_it_is_signed_by_as_much_of_a_long_address_as_there_is_room_for(responder, now):
    """Whoever gave no name signs with the address; PostgreSQL refuses what does not fit."""
    responder.name, responder.email = "", f"{'x' * 120}@example.com"
    said = services.comment_add(actor=responder, week=WEEK, text="Quiet.", now=now)
    assert said.signature == "x" * 100
