"""Fields for what is kept encrypted and never shown again: left empty they keep it, and a box to tick removes it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

REMOVE = "-remove"


class _Kept(forms.Widget):
    """`note` says what is kept; "" where nothing is."""

    note = ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        control = super().render(name, value, attrs, renderer)
        if not self.note:
            return control
        box = '{}<span class="kept"><span>{}</span><label><input type="checkbox" name="{}"> <span>Remove it</span></label></span>'
        return format_html(box, control, self.note, f"{name}{REMOVE}")


class KeptLine(_Kept, forms.PasswordInput):
    """One line, not readable while it is typed."""


class KeptText(_Kept, forms.Textarea):
    """A text of several lines, such as a key in PEM."""


def line(label: str, **options: Any) -> forms.CharField:
    widget = KeptLine(render_value=True, attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, required=False, strip=False, widget=widget, **options)


def pem(label: str, **options: Any) -> forms.CharField:
    widget = KeptText(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off", "class": "mono"})
    return forms.CharField(label=label, required=False, widget=widget, **options)


def told(field: forms.Field, note: str) -> None:
    """Say what is kept, on a field of one form."""
    if isinstance(field.widget, _Kept):
        field.widget.note = note


def chosen(form: forms.Form, name: str, kept: Mapping[str, Any]) -> Any:
    """What is kept from now on: what was typed, or what was kept, unless it is to be removed."""
    if typed := form.cleaned_data.get(name):
        return typed
    return None if f"{form.add_prefix(name)}{REMOVE}" in form.data else kept.get(name)
