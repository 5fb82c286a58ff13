"""What views do with forms."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

T = TypeVar("T")
_BARE = str(forms.Field.default_error_messages["required"])


def attempt(form: forms.BaseForm, act: Callable[..., T], **given: Any) -> T | None:
    """Call a service; what it refuses is said on the form's fields. None then, or when the form itself is not valid."""
    if not form.is_valid():
        return None
    try:
        return act(**given, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None


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
