"""What views do with forms, and with what a service refuses."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

T = TypeVar("T")
_BARE = str(forms.Field.default_error_messages["required"])


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


def complaints(bound: forms.BoundField) -> list[str]:
    """What is wrong with a field. The framework's “This field is required.” names the field and says what to do."""
    return [_empty(bound) if str(error) == _BARE else str(error) for error in bound.errors]


def all_complaints(form: forms.BaseForm) -> str:
    """Everything that is wrong with a form, as one text."""
    of_fields = [said for bound in form for said in complaints(bound)]
    return " ".join([*map(str, form.non_field_errors()), *of_fields])


def _empty(bound: forms.BoundField) -> str:
    do = "choose one" if isinstance(bound.field, forms.ChoiceField) else "fill it in"
    return f"“{bound.label}” is still empty: {do}."
