"""What text messages and phone calls have in common: an account at Twilio."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from opsconsole.lib.http.client import Answer
from opsconsole.lib.http.easy import Request
from opsconsole.outbox.transports.base import Config, ConfigForm, Group, Outgoing, SecretField
from opsconsole.outbox.transports.posting import Complaint, Posting, form_posted, said

# What no further attempt mends: the number, the sender, the permission or the account.
GONE = frozenset(
    {20003, 21211, 21212, 21214, 21217, 21408, 21606, 21610, 21614, 21659, 21660, 21210, 21215, 13224, 13227}
)
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


class TwilioForm(ConfigForm):
    account = forms.CharField(
        label="Account SID",
        max_length=34,
        help_text="On the start page of console.twilio.com; it begins with AC.",
    )
    token = SecretField(label="Auth token", help_text="Below the Account SID, behind “Show”.")
    sender = forms.CharField(
        label="From",
        max_length=40,
        help_text="Your number at Twilio, under Phone Numbers, with its country: +43720123456.",
    )
    to = forms.CharField(
        label="To", max_length=20, help_text="The person’s number with its country, such as +4366012345678."
    )

    def clean_account(self) -> str:
        account: str = self.cleaned_data["account"].strip()
        if not re.fullmatch(r"AC[0-9a-fA-F]{32}", account):
            raise ValidationError("An Account SID is AC and 32 letters or digits.")
        return account

    def clean_sender(self) -> str:
        return number(self.cleaned_data["sender"])

    def clean_to(self) -> str:
        return number(self.cleaned_data["to"])


def number(given: str) -> str:
    """“+43 660 / 123-456” → “+43660123456”. Raises ValidationError."""
    found = re.sub(r"[\s()/.-]", "", given)
    if not _NUMBER.fullmatch(found):
        raise ValidationError("Write the number with + and the country, such as +4366012345678.")
    return found


class Twilio(Posting):
    """One POST to the account; Twilio tells later, at the channel's hook, what became of it."""

    group, topics, hook = Group.PHONE, ("incidents",), "twilio"
    api = "https://api.twilio.com"
    resource = ""

    def request(self, outgoing: Outgoing) -> Request:
        config = outgoing.config
        url = f"{self.api}/2010-04-01/Accounts/{config['account']}/{self.resource}.json"
        key = base64.b64encode(f"{config['account']}:{config['token']}".encode()).decode()
        fields = {"To": config["to"], "From": config["sender"], **self.written(outgoing)}
        return form_posted(url, fields, Authorization=f"Basic {key}")

    def written(self, outgoing: Outgoing) -> dict[str, str | int]:
        raise NotImplementedError

    def back(self, outgoing: Outgoing, step: str) -> str:
        """Where Twilio tells what became of this message; "" where it could not reach us, or none has been made."""
        url = self.hook_url(outgoing.config)
        return f"{url}?delivery={outgoing.uuid}&step={step}" if url and is_reachable() else ""

    def complaint(self, answer: Answer) -> Complaint | None:
        found = said(answer)
        if answer.status == 201 and found.get("sid"):
            return None
        return Complaint(_advice(found.get("code")), permanent=found.get("code") in GONE)

    def taken(self, answer: Answer) -> str:
        return f"taken as {said(answer)['sid']}"

    def target(self, config: Config) -> str:
        return f"{config.get('to', '')[:-4]}…{config.get('to', '')[-2:]}" if config.get("to") else ""


def _advice(code: object) -> str:
    return {
        20003: "Are the Account SID and the auth token still right?",
        21610: "This number has written STOP; write START from it to your number at Twilio.",
        21408: "Allow this country in Twilio under Messaging, Geo permissions.",
        13227: "Allow this country in Twilio under Voice, Geo permissions.",
    }.get(code if isinstance(code, int) else 0, "")


def is_reachable() -> bool:
    """Whether a provider could call this console: it refuses a message whose way back leads nowhere."""
    host = urlsplit(settings.OPSCONSOLE_URL).hostname or ""
    return "." in host and not re.fullmatch(r"[\d.]+", host)


def is_signed(url: str, fields: Mapping[str, str], signature: str, token: str) -> bool:
    """Twilio's rule: HMAC-SHA1 with the auth token over the address and the sorted fields."""
    told = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    wanted = base64.b64encode(hmac.new(token.encode(), told.encode(), hashlib.sha1).digest())
    return hmac.compare_digest(wanted, signature.encode(errors="replace"))
