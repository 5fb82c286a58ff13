"""What views do with forms."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

T = TypeVar("T")


def attempt(form: forms.BaseForm, act: Callable[..., T], **given: Any) -> T | None:
    """Call a service; what it refuses is said on the form's fields. None then, or when the form itself is not valid."""
    if not form.is_valid():
        return None
    try:
        return act(**given, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None
