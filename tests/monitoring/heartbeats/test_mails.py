"""Jobs that can only send mails."""

import pytest

from monitoring.heartbeats.models import Heartbeat, Ping
from monitoring.heartbeats.tasks import fold_and_judge
from opsconsole.inmail import services
from opsconsole.inmail.models import Message
from tests.monitoring import make

pytestmark = pytest.mark.django_db
KEY = "5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278"


@pytest.fixture
def send(team, now):
    """`send(to, subject, text)`: a mail that came, was sorted and folded; what became of it."""

    def sent(to: str, subject: str = "Backup", text: str = "12 tables") -> Message:
        raw = f"From: cron@example.com\nTo: {to}\nSubject: {subject}\n\n{text}".encode()
        mail = services.message_store(raw=raw, envelope=[], now=now)
        services.messages_sort(now=now)
        fold_and_judge(now)
        mail.refresh_from_db()
        return mail

    return sent


def test_it_takes_a_mail_to_its_key_for_a_ping(send, now):
    beat = make.heartbeat(key=KEY)
    mail = send(f"{KEY.upper()}@ops.example.com")
    assert (mail.fate, mail.note, mail.url) == (
        "taken",
        "A ping of Nightly backup.",
        f"/monitoring/heartbeats/{beat.pk}/",
    )
    ping = Ping.objects.get()
    assert (ping.method, ping.subject, ping.body, ping.ua, ping.at) == (
        "EMAIL",
        "Backup",
        "12 tables",
        "Mail from cron@example.com",
        now,
    )
    assert Heartbeat.objects.get().status == "up"


def test_it_takes_the_ping_key_and_the_short_name(send, team):
    make.heartbeat()
    assert send(f"{team.ping_key}+nightly-backup@ops.example.com").fate == "taken"
    assert send(f"{team.ping_key.lower()}+nightly-backup@ops.example.com").fate == "taken"


@pytest.mark.parametrize(
    "to",
    ["nightly-backup", "wrong+nightly-backup", "+nightly-backup", "00000000-0000-4000-8000-000000000000"],
)
def test_it_takes_no_name_that_can_be_guessed(send, to):
    make.heartbeat()
    assert send(f"{to}@ops.example.com").fate == "nobodys"
    assert not Ping.objects.exists()


def test_it_pings_each_heartbeat_that_is_named_once(send):
    make.heartbeat("Backup", key=KEY)
    other = make.heartbeat("Invoices")
    mail = send(f"{KEY}@a.example, {other.key}@a.example, {KEY}@b.example")
    assert mail.note == "A ping of Backup and Invoices."
    assert Ping.objects.count() == 2


@pytest.mark.parametrize(
    ("subject", "text", "status"),
    [
        ("FAILED: backup", "", "down"),
        ("backup", "FAILED", "down"),
        ("backup", "fine", "up"),
        ("hm", "hm", "unknown"),
    ],
)
def test_it_judges_subject_and_text_by_its_words(send, subject, text, status):
    make.heartbeat(key=KEY, failure_words="FAILED", success_words="fine", words_in="both", post_only=True)
    send(f"{KEY}@ops.example.com", subject, text)
    assert Heartbeat.objects.get().status == status


def test_it_reads_figures_in_a_mail(send):
    make.heartbeat(key=KEY, assertions="rows > 0")
    send(f"{KEY}@ops.example.com", text='{"metrics": {"rows": 0}}')
    assert Heartbeat.objects.get().status == "down"


def test_it_cuts_a_long_mail_in_bytes(send):
    make.heartbeat(key=KEY)
    send(f"{KEY}@ops.example.com", text="ä" * 9000)
    assert len(Ping.objects.get().body.encode()) <= 10_000
