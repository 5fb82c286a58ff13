"""Where figures are fetched from, one file each: what a form asks for, and a function that reads the figures now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms

from monitoring.metrics.samples import Sample
from opsconsole.lib.registry import Registry

VALUE = ""
"""The name of a sample that is called as the source says."""

Values = dict[str, Any]


class SourceFailed(Exception):
    """It could not be read; the message says why in plain words, and holds no secret."""


class Question(forms.Form):
    """What a kind asks of people: its cleaned values are what `read` gets. Those of `secret` are kept encrypted."""

    secret: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True)
class Kind:
    """`read` asks no database of ours and ends within 30 seconds. Raises SourceFailed, or Refused by the guard.

    `names_itself`: its samples bring names and labels of their own. `unit` and `every` are proposed.
    """

    name: str
    title: str
    form: type[Question]
    read: Callable[[Values, datetime], list[Sample]]
    names_itself: bool = False
    unit: str = ""
    every: timedelta = timedelta(minutes=1)
    order: int = 50


kinds: Registry[Kind] = Registry("kind of source")


def in_order() -> list[Kind]:
    return sorted(kinds, key=lambda kind: (kind.order, kind.title))


def secret_field(label: str, help_text: str = "", *, required: bool = False) -> forms.CharField:
    """What is never shown again."""
    widget = forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"})
    field = forms.CharField(
        max_length=4000, required=required, label=label, help_text=help_text, widget=widget
    )
    field.strip = True
    return field


def single(value: float, at: int | None = None, unit: str = "") -> list[Sample]:
    return [Sample(VALUE, (), value, at, "", unit)]
