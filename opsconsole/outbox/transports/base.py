"""What every kind of channel has: a form for its settings, and a way to send. A new kind is one new file beside this one.

class Pager(Transport):
    kind, label, icon, form = "pager", "Pager", "bell", PagerForm
    def send(self, outgoing): ...
transports.register("pager", Pager())
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.conf import settings

from opsconsole.lib.registry import Registry
from opsconsole.lib.secrets import new_token

Config = dict[str, Any]
SHORTEST_SECRET = 6  # a shorter one hides nothing, and would blot out words


@dataclass(frozen=True)
class Outgoing:
    """A message as a transport gets it. `uuid` is the same on every attempt; `at` is this attempt's time.

    type: the event without its id (“incident.opened”); url: the whole address of the page of the cause, or "".
    """

    uuid: UUID
    type: str
    subject: str
    text: str
    html: str
    url: str
    config: Config
    created_at: datetime
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """It was taken; `detail` is what the other side said."""

    detail: str


class TransportError(Exception):
    """It was not taken; the message is a sentence for people.

    permanent: another attempt would not change it. retry_after: seconds for which the other side asked.
    """

    def __init__(self, message: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


class SecretField(forms.CharField):
    """A setting that is not shown again: left empty where there is one, it stays."""

    widget = forms.PasswordInput({"autocomplete": "new-password"})


class ConfigForm(forms.Form):
    """The settings of one kind of channel. Fields are named as the keys of the config, and as none of `CommonForm`.

    `own` names them where the form was joined with another; `kept` are the settings that the channel has already.
    """

    own: ClassVar[tuple[str, ...]] = ()
    kept: Mapping[str, Any] = {}

    def keep(self, config: Config) -> None:
        """These settings stand already: none of its secrets has to be given again."""
        self.kept = config
        for name, its in self.fields.items():
            if isinstance(its, SecretField) and config.get(name):
                its.required = False
                its.widget.attrs["placeholder"] = "kept; write a new one only to replace it"

    def has(self, name: str) -> bool:
        """For `clean`: whether a setting is given, or is there already."""
        return bool(self.cleaned_data.get(name) or self.kept.get(name))

    def config(self) -> Config:
        """The settings that it shows; the service keeps what it does not, such as a secret."""
        given = {name: self.cleaned_data[name] for name in self.own or self.fields}
        return {
            n: value for n, value in given.items() if value or not isinstance(self.fields[n], SecretField)
        }


def _minutes(*spans: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=span) for span in spans)


# Waits after the first, second, … failed attempt; when they are used up, the message is given up. Both last 75 hours.
STANDARD_WEBHOOKS = _minutes(5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440)
PATIENT = _minutes(10 / 60, 1, 5, 15, 30, *[60] * 74)


def _keys_in(url: str) -> list[str]:
    """An address that is a secret is one by its path and query, mostly by the path's end."""
    parts = urlsplit(url)
    return [parts.path, parts.query, parts.path.rpartition("/")[2]]


@dataclass(frozen=True)
class Limit:
    """At most so many messages within a span."""

    most: int
    span: timedelta


def limits(*pairs: tuple[int, float]) -> tuple[Limit, ...]:
    """Of (how many, in so many minutes)."""
    return tuple(Limit(most, timedelta(minutes=minutes)) for most, minutes in pairs)


class Group(StrEnum):
    """Where somebody chooses a kind, it stands under one of these."""

    CHAT = "In the team’s chat"
    PHONE = "On somebody’s phone"
    PROGRAMS = "By mail, or to a program"
    OTHERS = "At another service"


class Transport:
    """One kind of channel.

    about: one line beside its name where somebody chooses. topics: what a new one is told of, everything when empty.
    shared: its channels have one server in common, which is treated as one. signed: the receiver verifies by a secret.
    follows: it has incidents of its own, so it also hears that one is acknowledged here. calls_only: nobody wants to hear
    through it that something is over. limits: how many messages one person may get through it; the rest is held back and
    bundled. hook: the last name of the address at which its provider calls back, such as “twilio”;
    hook_use: where to enter that address there, and what for. app: the setting that channels of one app or bot have in common,
    which has one such address for all of them.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str]
    form: ClassVar[type[ConfigForm]]
    group: ClassVar[Group] = Group.PROGRAMS
    about: ClassVar[str] = ""
    is_brand: ClassVar[bool] = False
    topics: ClassVar[Sequence[str]] = ()
    follows: ClassVar[bool] = False
    waits: ClassVar[Sequence[timedelta]] = STANDARD_WEBHOOKS
    shared: ClassVar[bool] = False
    signed: ClassVar[bool] = False
    calls_only: ClassVar[bool] = False
    limits: ClassVar[Sequence[Limit]] = ()
    hook: ClassVar[str] = ""
    hook_use: ClassVar[str] = ""
    app: ClassVar[str] = ""

    def send(self, outgoing: Outgoing) -> Receipt:
        """Raises TransportError. It ends within 30 seconds, whatever the other side does, and touches no database."""
        raise NotImplementedError

    def target(self, config: Config) -> str:
        """Where it goes, without anything secret."""
        raise NotImplementedError

    @property
    def called(self) -> str:
        """Its label within a sentence."""
        return self.label if self.is_brand else self.label.lower()

    def secrets(self, config: Config) -> list[str]:
        """What must stand in no page, log or attempt."""
        fields = self.form.base_fields.items()
        found = [str(config.get(name) or "") for name, its in fields if isinstance(its, SecretField)]
        parts = [part for url in found if "://" in url for part in _keys_in(url)]
        return [secret for secret in [*found, *parts] if len(secret) >= SHORTEST_SECRET]

    def missing(self) -> str:
        """A sentence when the console lacks a setting without which this kind cannot send."""
        return ""

    def complete(self, config: Config) -> Config:
        """The settings with what the console makes itself, such as a secret, where that is missing."""
        return {**config, "hook": new_token(32)} if self.hook and not config.get("hook") else config

    def hook_url(self, config: Config) -> str:
        """The address at which its provider calls back; a secret. "" for kinds without."""
        token = config.get("hook") if self.hook else ""
        return f"{settings.OPSCONSOLE_URL}/in/{self.hook}/{token}/" if token else ""

    def secret(self, _config: Config) -> str:
        """What the receiver needs to verify our messages; "" for kinds without."""
        return ""

    def former_until(self, _config: Config) -> datetime | None:
        """Until when the secret before this one signs as well."""
        return None

    def renew(self, config: Config, _now: datetime) -> Config:
        """The settings with a fresh secret; the former stays valid for a while."""
        return config


transports: Registry[Transport] = Registry("kind of channel")
