"""What views do with forms, and with what a service refuses."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

T = TypeVar("T")


def attempt(form: forms.BaseForm, act: Callable[..., T], **given: Any) -> T | None:
    """Call a service with the values of a form. None when the form is not valid, or the service refuses."""
    return taken(form, lambda: act(**given, **form.cleaned_data)) if form.is_valid() else None


def taken(form: forms.BaseForm, act: Callable[[], T]) -> T | None:
    """What an act gives; None when it refuses, which is said on the form's fields."""
    try:
        return act()
    except ValidationError as error:
        form.add_error(None, error)
        return None


@contextmanager
def told(request: HttpRequest, done: str) -> Iterator[None]:
    """Above the next page stands that it is done, or why a service refused it."""
    try:
        yield
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)


@contextmanager
def refused() -> Iterator[None]:
    """What a pure rule refuses with a sentence (ValueError) stands on the field that is being cleaned."""
    try:
        yield
    except ValueError as error:
        raise ValidationError(str(error)) from None


def complaints(bound: forms.BoundField) -> list[str]:
    """What is wrong with a field. Where the framework would say it, the field is named, and what to do."""
    return [_plain(bound, str(error)) for error in bound.errors]


def all_complaints(form: forms.BaseForm) -> str:
    """Everything that is wrong with a form, as one text."""
    of_fields = [said for bound in form for said in complaints(bound)]
    return " ".join([*map(str, form.non_field_errors()), *of_fields])


def _plain(bound: forms.BoundField, text: str) -> str:
    say = next((say for beginning, say in _OURS.items() if text.startswith(beginning)), None)
    return say.format(**_facts(bound, text)) if say else text


def _facts(bound: forms.BoundField, text: str) -> dict[str, object]:
    return {
        "label": bound.label,
        "do": "choose one" if isinstance(bound.field, forms.ChoiceField) else "fill it in",
        "edge": text.rpartition(" ")[2].removesuffix("."),
        "most": int((re.findall(r"at most (\d+)", text) or ["0"])[0]),
        "length": len(str(bound.value())),
    }


_OURS = {
    "This field is required.": "“{label}” is still empty: {do}.",
    "Select a valid choice.": "“{label}” has no such choice, or not any more: choose one that is listed.",
    "Ensure this value has at most": "“{label}” may have {most:,} characters; this has {length:,}: shorten it.",
    "Ensure this value is greater": "“{label}” must be {edge} or more.",
    "Ensure this value is less": "“{label}” must be {edge} or less.",
    "Enter a whole number.": "“{label}” is no whole number: write one such as 5.",
    "Enter a number.": "“{label}” is no number: write one such as 4.6.",
    "Enter a valid time.": "“{label}” is no time of day: write it as 09:30.",
    "Enter a valid URL.": "“{label}” is no web address: write all of it, such as https://example.com/page.",
    "Enter a valid date.": "“{label}” is no day: write it as 2026-11-28.",
    "Enter a valid date/time.": "“{label}” is no day and time: write them as 2026-11-28 09:30.",
    "Enter a valid value.": "“{label}” cannot be that: write it as the line below says.",
    "Enter a valid email address.": "“{label}” is no mail address: write one such as ops@example.com.",
    "Enter a valid “slug”": "“{label}” may have letters, digits, hyphens and underscores, and no spaces.",
    "Null characters": "“{label}” has a character in it that no text can have: type it anew.",
}
