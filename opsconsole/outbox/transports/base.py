"""What every kind of channel has: a form for its settings, and a way to send. A new kind is one new file beside this one.

class Pager(Transport):
    kind, label, icon, form = "pager", "Pager", "bell", PagerForm
    def send(self, outgoing): ...
transports.register("pager", Pager())
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from opsconsole.lib.registry import Registry

Config = dict[str, Any]


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


class ConfigForm(forms.Form):
    """The settings of one kind of channel. Fields are named as the keys of the config.

    `own` names them where the form was joined with another.
    """

    own: ClassVar[tuple[str, ...]] = ()

    def config(self) -> Config:
        """The settings that it shows; the service keeps what it does not, such as a secret."""
        return {name: self.cleaned_data[name] for name in self.own or self.fields}


def _minutes(*spans: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=span) for span in spans)


# Waits after the first, second, … failed attempt; when they are used up, the message is given up. Both last 75 hours.
STANDARD_WEBHOOKS = _minutes(5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440)
PATIENT = _minutes(10 / 60, 1, 5, 15, 30, *[60] * 74)


class Transport:
    """One kind of channel.

    shared: its channels have one server in common, which is treated as one. signed: the receiver verifies by a secret.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str]
    form: ClassVar[type[ConfigForm]]
    waits: ClassVar[Sequence[timedelta]] = STANDARD_WEBHOOKS
    shared: ClassVar[bool] = False
    signed: ClassVar[bool] = False

    def send(self, outgoing: Outgoing) -> Receipt:
        """Raises TransportError. It ends within 30 seconds, whatever the other side does, and touches no database."""
        raise NotImplementedError

    def target(self, config: Config) -> str:
        """Where it goes, without anything secret."""
        raise NotImplementedError

    def missing(self) -> str:
        """A sentence when the console lacks a setting without which this kind cannot send."""
        return ""

    def complete(self, config: Config) -> Config:
        """The settings with what the console makes itself, such as a secret, where that is missing."""
        return config

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
