"""Amazon SNS: alarms of CloudWatch, and any other message of a topic. Each is signed; a topic's first one asks to be confirmed.

An alarm without enough data is neither fine nor firing: it is an alert of its own, until there are data again.
"""

import base64
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from monitoring.alerts.states import Level
from monitoring.inbound.confirming import fetched
from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.parcels import Forged, Heard, Parcel, Reading, Unreadable
from monitoring.inbound.wording import first, moment, text
from opsconsole.lib.secrets import digest

_HOST = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?", re.A)
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]
_HASHES = {"1": "SHA1", "2": "SHA256"}
SAID_FOR = timedelta(hours=24)
"""How long a message stands that is no alarm, of which nobody will say that it is over."""


def read(parcel: Parcel) -> Reading:
    said = parcel.object
    kind = text(said.get("Type"))
    if kind not in _SIGNED:
        raise Unreadable("This is no message of SNS: its Type is unknown. Switch raw message delivery off.")
    verify(said)
    if kind == "SubscriptionConfirmation":
        return Reading(note="The subscription is confirmed.", confirm=amazon(said.get("SubscribeURL")))
    if kind == "UnsubscribeConfirmation":
        return Reading([_gone(parcel)])
    return alarm(parcel, said)


def amazon(url: Any) -> str:
    """An address of SNS itself. Raises Forged for any other: it would be called from inside our network."""
    address = text(url)
    try:
        parts = urlsplit(address)
        fits = parts.scheme == "https" and parts.port in (None, 443) and bool(_HOST.fullmatch(parts.netloc))
    except ValueError:
        fits = False
    if not fits:
        raise Forged(f"{address[:200] or 'Nothing'} is no address of Amazon SNS.")
    return address


def verify(said: Mapping[str, Any]) -> None:
    """Raises Forged, or NotYet when Amazon's certificate cannot be had."""
    hashes: Any = import_module("cryptography.hazmat.primitives.hashes")
    padding: Any = import_module("cryptography.hazmat.primitives.asymmetric.padding")
    chosen = _HASHES.get(text(said.get("SignatureVersion")))
    if not chosen:
        raise Forged("The version of the signature is unknown.")
    key = _key(amazon(said.get("SigningCertURL")))
    try:
        signature = base64.b64decode(text(said.get("Signature")), validate=True)
        key.verify(signature, signed(said), padding.PKCS1v15(), getattr(hashes, chosen)())
    except Exception as error:
        raise Forged("The signature does not fit.") from error


def signed(said: Mapping[str, Any]) -> bytes:
    """What is signed: names and values, each on a line, of those that are there."""
    lines = [(name, said[name]) for name in _SIGNED[said["Type"]] if said.get(name) is not None]
    return "".join(f"{name}\n{text(value, 1_000_000)}\n" for name, value in lines).encode()


@lru_cache(maxsize=16)
def _key(url: str) -> Any:
    """Raises Forged or NotYet; neither is remembered."""
    x509: Any = import_module("cryptography.x509")
    try:
        return x509.load_pem_x509_certificate(fetched(url)).public_key()
    except ValueError:
        raise Forged("There is no certificate at the address of the signature.") from None


def alarm(parcel: Parcel, said: Mapping[str, Any]) -> Reading:
    message = _message(said)
    state, arn = text(message.get("NewStateValue")), first(message.get("AlarmArn"), message.get("AlarmName"))
    if state not in ("OK", "ALARM", "INSUFFICIENT_DATA") or not arn:
        return Reading([_plain(parcel, said)])
    blind = state == "INSUFFICIENT_DATA"
    known = [] if blind else [_heard(message, arn, firing=state == "ALARM")]
    return Reading([*known, _heard(message, f"{arn}#data", firing=blind, blind=True)])


def _message(said: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        found = json.loads(text(said.get("Message"), 1_000_000))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _heard(message: Mapping[str, Any], key: str, *, firing: bool, blind: bool = False) -> Heard:
    name = first(message.get("AlarmName"), "An alarm without a name")
    labels = {
        "alarm": name,
        "region": first(message.get("Region")),
        "account": first(message.get("AWSAccountId")),
    }
    why = first(message.get("NewStateReason"))
    return Heard(
        fingerprint=key,
        firing=firing,
        title=f"{name} has not enough data" if blind else first(message.get("AlarmDescription"), name),
        level=Level.P3 if blind else None,
        labels={label: value for label, value in labels.items() if value},
        annotations={"why": why} if why else {},
        at=moment(message.get("StateChangeTime")),
    )


def _plain(parcel: Parcel, said: Mapping[str, Any]) -> Heard:
    """A message that is no alarm: somebody sent it to be told."""
    words = first(said.get("Message"))
    title = first(said.get("Subject"), words, "A message without words")
    topic = first(said.get("TopicArn"))
    return Heard(
        fingerprint=f"said:{digest(topic + title)[:32]}",
        firing=True,
        title=title,
        annotations={"message": words, "topic": topic},
        at=moment(said.get("Timestamp")),
        expires_at=parcel.at + SAID_FOR,
    )


def _gone(parcel: Parcel) -> Heard:
    topic = first(parcel.object.get("TopicArn"))
    title = f"{parcel.sender} was unsubscribed from its topic: nothing more comes"
    return Heard(f"gone:{topic}", True, title, annotations={"topic": topic}, expires_at=parcel.at + SAID_FOR)


def identity(parcel: Parcel) -> str:
    return text(parcel.object.get("MessageId"), 200)


SETUP = """Amazon SNS → Topics → Create subscription
  Protocol                      HTTPS
  Endpoint                      {url}
  Enable raw message delivery   off

The console confirms the subscription by itself."""
EXAMPLE = '{"Type":"Notification","Message":"Only what Amazon has signed is believed"}'

kinds.register(
    "sns",
    Kind(
        "sns",
        "Amazon SNS and CloudWatch",
        "Alarms of CloudWatch and other messages of a topic, each with its signature verified.",
        read,
        "/in/sns/{key}",
        SETUP,
        EXAMPLE,
        order=22,
        identity=identity,
        waits=True,
    ),
)
