"""Mails to one person about their own account: in words and in HTML, private, with whole addresses."""

from datetime import timedelta

import pytest

from opsconsole.accounts.models import Team
from opsconsole.accounts.roles import Role
from opsconsole.accounts.services import lock_notice_send, password_link_send, user_invite
from opsconsole.outbox.models import Delivery
from tests.conftest import NOW


@pytest.fixture
def awkward(owner):
    """Names that markup would break on."""
    Team.objects.update(name="Tom & Jerry <Ops>")
    type(owner).objects.update(name="Olga <b>")
    owner.refresh_from_db()
    return owner


def reset(owner):
    password_link_send(email=owner.email, now=NOW)


def locked(owner):
    lock_notice_send(email=owner.email, address="192.0.2.7", until=NOW + timedelta(minutes=15), now=NOW)


def invited(owner):
    user_invite(actor=owner, email="nina@example.com", name="Nina", role=Role.RESPONDER, now=NOW)


@pytest.mark.parametrize("send", [reset, locked, invited])
def test_it_writes_words_as_they_are_and_html_escaped(awkward, send):
    send(awkward)
    said = Delivery.objects.get().content
    assert "&lt;" not in Delivery.objects.get().subject + said["text"]
    assert "&amp;" not in Delivery.objects.get().subject + said["text"]
    assert "<b>" not in said["html"].replace("<b>Olga", "")
    assert "http://127.0.0.1:8000/" in said["text"]
    assert said["data"] == {"private": True}


def test_it_names_team_inviter_and_role(awkward):
    invited(awkward)
    delivery = Delivery.objects.get()
    assert delivery.subject == "You are invited to the console of Tom & Jerry <Ops>"
    assert "Olga <b> invites you" in delivery.content["text"]
    assert "as responder" in delivery.content["text"]
    assert "within 3 days" in delivery.content["text"]


def test_it_says_when_the_lock_ends_in_the_zone_of_the_reader(owner):
    locked(owner)
    assert "until 09:15 CET" in Delivery.objects.get().content["text"]
    owner.time_zone = "Asia/Tokyo"
    owner.save()
    lock_notice_send(email=owner.email, address="", until=NOW, now=NOW)
    assert "until 17:00 JST" in Delivery.objects.latest("id").content["text"]


@pytest.mark.parametrize(("send", "lasts"), [(reset, timedelta(hours=1)), (invited, timedelta(hours=72))])
def test_it_is_not_sent_when_it_would_only_confuse(owner, send, lasts):
    send(owner)
    assert Delivery.objects.get().expires_at == NOW + lasts


def test_it_keeps_the_link_off_the_page_of_the_delivery(signed_in, owner):
    reset(owner)
    page = signed_in(owner).get(f"/settings/deliveries/{Delivery.objects.get().pk}/").text
    assert "/password/set/" not in page
    assert "for its recipient only" in page
