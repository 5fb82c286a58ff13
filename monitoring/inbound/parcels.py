"""What another system sent, and what it says: plain values between the reader of a kind and those who write."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from monitoring.alerts.states import Level


class Unreadable(ValueError):
    """What came cannot be read; the message is a sentence for the sender, `errors` lists what is wrong with it."""

    def __init__(self, sentence: str, errors: list[str] | None = None) -> None:
        super().__init__(sentence)
        self.errors = errors or [sentence]


class Forged(ValueError):
    """The signature is missing or wrong: nothing of it is believed. The message is a sentence."""


class NotYet(Exception):
    """It can be read only later, because somebody else has to be asked and does not answer. The message says what is waited for."""


@dataclass(frozen=True)
class Parcel:
    """One delivery as it came. `id` is ours, the same each time it is read; `headers` by lower-case name, those of the kind alone."""

    id: int
    at: datetime
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    sender: str = ""

    @cached_property
    def json(self) -> Any:
        """Raises Unreadable for what is no JSON, or nested deeper than anything a system says."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unreadable(_why(error)) from None

    @cached_property
    def object(self) -> dict[str, Any]:
        """The JSON, which has to be an object. Raises Unreadable."""
        if not isinstance(self.json, dict):
            raise Unreadable("Send a JSON object, such as {…}.")
        return self.json


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "This JSON is nested too deeply."
    if isinstance(error, json.JSONDecodeError):
        return f"This is no JSON: line {error.lineno}, column {error.colno} does not fit."
    if isinstance(error, UnicodeDecodeError):
        return "This is no JSON in UTF-8."
    return "A number in this JSON is too long."


@dataclass(frozen=True)
class Heard:
    """One word about an alert. `at` is the time of the event, None where the sender does not tell it.

    `level` is None where the sender has none that we know; `acknowledged` says that somebody there has it in hand,
    nothing else; `by` who or what says so, where it is told. `unread` ones stand for what cannot be read, so nobody will end them.
    """

    fingerprint: str
    firing: bool
    title: str
    level: Level | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    at: datetime | None = None
    expires_at: datetime | None = None
    acknowledged: bool = False
    by: str = ""
    unread: bool = False


@dataclass(frozen=True)
class Told:
    """One change that somebody made on purpose; `key` names it among those of the sender."""

    key: str
    summary: str
    kind: str = "deploy"
    author: str = ""
    source: str = ""
    url: str = ""
    details: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Issue:
    """One error that a tracker has grouped. What a delivery does not tell is empty or None, and changes nothing that is known."""

    key: str
    title: str
    name: str = ""
    place: str = ""
    level: str = ""
    status: str = ""
    project: str = ""
    release: str = ""
    url: str = ""
    replay: str = ""
    count: int | None = None
    users: int | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True)
class Reading:
    """What a delivery says. `note` is a sentence about what it leaves out or means besides;
    `confirm` is an address to call before anything more is sent."""

    alerts: list[Heard] = field(default_factory=list)
    changes: list[Told] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    note: str = ""
    confirm: str = ""

    @property
    def size(self) -> int:
        return len(self.alerts) + len(self.changes) + len(self.issues)
