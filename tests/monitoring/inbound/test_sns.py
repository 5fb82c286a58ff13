"""Amazon SNS: only what Amazon has signed is believed, and only Amazon is called."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from monitoring.alerts.models import Alert
from monitoring.alerts.states import Level
from monitoring.inbound import applying
from monitoring.inbound.kinds import sns
from monitoring.inbound.models import Arrival, Fate
from monitoring.inbound.parcels import Forged, NotYet
from monitoring.inbound.taking import MOST_TRIES, TOLD_FROM
from monitoring.inbound.tasks import read
from tests.monitoring.inbound.conftest import KEY, integration, payload, states

URL, CERT = f"/in/sns/{KEY}", "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem"
CONFIRM = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate():
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(PRIVATE.public_key())
    made = made.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=400))
    return made.sign(PRIVATE, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture(autouse=True)
def called(monkeypatch, db):
    """Amazon as it answers; what was called."""
    asked: list[str] = []
    integration("sns", name="CloudWatch")
    sns._key.cache_clear()
    monkeypatch.setattr(sns, "fetched", lambda url: certificate())
    monkeypatch.setattr(applying, "confirm", asked.append)
    return asked


def message(kind="Notification", version="2", **fields):
    said = {
        "Type": kind, "MessageId": "22b80b92", "TopicArn": "arn:aws:sns:eu-central-1:1:alarms", "Message": "x",
        "Timestamp": "2026-11-18T07:59:00.000Z", "SignatureVersion": version, "SigningCertURL": CERT,
    } | fields  # fmt: skip
    chosen = hashes.SHA256() if version == "2" else hashes.SHA1()
    signature = PRIVATE.sign(sns.signed(said), padding.PKCS1v15(), chosen)
    return said | {"Signature": base64.b64encode(signature).decode()}


def alarm(state="ALARM", number=1, **changed):
    said = payload("cloudwatch") | {"NewStateValue": state} | changed
    return message(Message=json.dumps(said), MessageId=f"{state}{number}", Subject=f"{state}: rds-cpu")


@pytest.fixture
def send(post, now):
    def act(content):
        answer = post(URL, content)
        read(now)
        return answer

    return act


@pytest.mark.parametrize("version", ["1", "2"])
def test_it_reads_a_signed_alarm_after_it_has_answered(post, now, version):
    assert post(URL, message(version=version, Message=json.dumps(payload("cloudwatch")))).status_code == 200
    assert not Alert.objects.exists()
    read(now)
    alert = Alert.objects.get()
    assert alert.title == "CPU of the database over 90 %"
    assert alert.starts_at == datetime(2026, 11, 18, 7, 55, 10, 250000, tzinfo=UTC)


def test_it_ends_with_ok(send):
    send(alarm())
    send(alarm("OK", StateChangeTime="2026-11-18T07:58:00.000+0000"))
    assert [state for _, state in states()] == ["resolved"]


def test_it_takes_missing_data_neither_for_fine_nor_for_the_same_alarm(send):
    send(alarm())
    send(alarm("INSUFFICIENT_DATA", StateChangeTime="2026-11-18T07:56:00.000+0000"))
    assert [state for _, state in states()] == ["firing", "firing"]
    assert Alert.objects.get(title="rds-cpu has not enough data").severity == Level.P3
    send(alarm("OK", StateChangeTime="2026-11-18T07:58:00.000+0000"))
    assert [state for _, state in states()] == ["resolved", "resolved"]


def test_it_confirms_a_subscription(send, called):
    send(message("SubscriptionConfirmation", SubscribeURL=CONFIRM, Token="abc"))
    assert called == [CONFIRM]
    assert Arrival.objects.get().note == "The subscription is confirmed."


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-central-1.amazonaws.com/x",
        "https://sns.eu-central-1.amazonaws.com.evil.example.com/x",
        "https://evil.example.com/sns.eu-central-1.amazonaws.com",
        "https://sns.eu-central-1.amazonaws.com@evil.example.com/x",
        "https://169.254.169.254/latest",
        "https://s3.eu-central-1.amazonaws.com/x",
        "https://sns.eu-central-1.amazonaws.com:8443/x",
        "https://[::1/",
        "",
        None,
    ],
)
def test_it_calls_nobody_but_amazon(send, called, url):
    send(message("SubscriptionConfirmation", SubscribeURL=url, Token="abc"))
    assert (called, Arrival.objects.get().fate) == ([], Fate.FORGED)
    with pytest.raises(Forged):
        sns.amazon(url)


@pytest.mark.parametrize(
    "changed", [{"Message": "y"}, {"Signature": "AAAA"}, {"Signature": "!"}, {"SignatureVersion": "3"}]
)
def test_it_believes_nothing_that_is_not_signed(send, changed):
    assert send(alarm() | changed).status_code == 200
    assert (Alert.objects.get().fingerprint, Arrival.objects.get().fate) == ("forged", Fate.FORGED)


def test_it_waits_for_amazon_and_says_so_in_the_end(post, now, monkeypatch):
    def away(_url):
        raise NotYet("The host name has no address")

    monkeypatch.setattr(sns, "fetched", away)
    post(URL, alarm())
    for hours in range(MOST_TRIES - 1):
        read(now + timedelta(hours=2 * hours))
        assert Arrival.objects.get().fate == Fate.WAITING
    read(now + timedelta(hours=40))
    assert Alert.objects.get(fingerprint="unreadable").annotations["why"] == "The host name has no address"


def test_it_tells_of_a_message_that_is_no_alarm(send):
    send(message(Subject="Backup failed", Message="db-1"))
    assert (Alert.objects.get().title, Alert.objects.get().annotations["message"]) == (
        "Backup failed",
        "db-1",
    )


def test_it_tells_when_nothing_more_comes(send):
    send(message("UnsubscribeConfirmation", SubscribeURL=CONFIRM, Token="abc"))
    assert "was unsubscribed" in Alert.objects.get().title


@pytest.mark.parametrize("content", [b"{", b"7"])
def test_it_refuses_what_is_malformed_at_once(post, content):
    assert post(URL, content).status_code == 400


def test_it_opens_an_alert_for_raw_delivery(send):
    send({"AlarmName": "x"})
    assert "raw message delivery" in Alert.objects.get().annotations["why"]


def test_it_tells_people_what_waits_for_amazon_until_it_can_be_read(post, now, monkeypatch):
    def away(_url):
        raise NotYet("The host name sns.eu-central-1.amazonaws.com has no address")

    monkeypatch.setattr(sns, "fetched", away)
    post(URL, alarm())
    for _ in range(TOLD_FROM):
        now += timedelta(minutes=10)
        read(now)
    waiting = Alert.objects.get()
    assert waiting.title == "CloudWatch sends what cannot be read yet"
    assert "has no address" in waiting.annotations["why"]
    monkeypatch.setattr(sns, "fetched", lambda _url: certificate())
    read(now + timedelta(hours=1))
    assert sorted(states())[-1] == ("waiting", "resolved")
    assert Alert.objects.firing().get().title == "CPU of the database over 90 %"
