"""Waiting mails, their takers, and what is written of it."""

from datetime import timedelta

import pytest

from opsconsole.inmail import services
from opsconsole.inmail.models import Mailbox, Message
from opsconsole.inmail.takers import Taken
from opsconsole.inmail.tasks import forget, sort
from opsconsole.inmail.watches import unread
from tests.opsconsole.inmail.conftest import MAIL

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def mail(registry, now) -> Message:
    return services.message_store(raw=MAIL, envelope=[], now=now)


def fate(mail) -> tuple[str, str]:
    mail.refresh_from_db()
    return mail.fate, mail.note


def test_it_hands_a_mail_to_its_taker_once(mail, registry, now):
    seen: list[str] = []

    def take(given):
        seen.append(given.subject)
        return Taken("A ping.", "/somewhere/")

    registry.register("a", take)
    assert (sort(now), sort(now)) == (1, 0)
    assert (seen, fate(mail), mail.url) == (["Grüße"], ("taken", "A ping."), "/somewhere/")
    assert (mail.sender, mail.recipients) == ("root@host.example.com", ["jobs@example.com", "b@example.com"])


def test_it_lets_each_taker_take_its_part(mail, registry, now):
    for name in "ab":
        registry.register(name, lambda _mail, name=name: Taken(f"Taken by {name}."))
    sort(now)
    assert fate(mail) == ("taken", "Taken by a. Taken by b.")


def test_it_says_that_it_is_for_nobody(mail, registry, now):
    registry.register("a", lambda _mail: None)
    sort(now)
    assert fate(mail) == ("nobodys", "Nobody here takes mails to jobs@example.com and b@example.com.")


def test_it_says_what_cannot_be_read(registry, now):
    odd = services.message_store(raw=b"\x00\xff", envelope=[], now=now)
    sort(now)
    assert fate(odd) == ("unreadable", "It has neither a sender nor a recipient.")


def test_it_tries_again_and_writes_nothing_of_a_taker_that_fails(mail, registry, now):
    def fails(_mail):
        Mailbox.objects.create(pk=1, prefix="x", digest="x", made_at=now)
        raise RuntimeError("taker")

    registry.register("a", fails)
    moment = now
    for _ in range(6):
        with pytest.raises(RuntimeError):
            sort(moment)
        moment += DAY
    assert fate(mail) == ("failed", "It could not be handled (RuntimeError); tried 6 times.")
    assert sort(moment) == Mailbox.objects.count() == 0


def test_it_holds_up_no_other(mail, registry, now):
    services.message_store(raw=b"From: a@example.com\n\nx", envelope=[], now=now)
    registry.register("a", lambda given: 1 / 0 if given.subject else Taken("Fine."))
    with pytest.raises(ZeroDivisionError):
        sort(now)
    assert set(Message.objects.values_list("fate", flat=True)) == {"waiting", "taken"}


def test_it_leaves_a_mail_to_whoever_holds_it(mail, registry, now):
    Message.objects.update(leased_until=now + MINUTE)
    assert sort(now) == 0
    assert sort(now + MINUTE) == 1


def test_it_is_overdue_when_nobody_reads_it(mail, now):
    assert unread(now + MINUTE).count == 0
    assert (unread(now + 3 * MINUTE).count, unread(now + 3 * MINUTE).oldest) == (1, now)


def test_it_forgets_what_is_old_and_read(mail, registry, now):
    assert forget(now + 91 * DAY) == 0
    sort(now)
    assert (forget(now + 89 * DAY), forget(now + 91 * DAY)) == (0, 1)
