"""Fields that several kinds of rules ask for."""

from datetime import timedelta

from django import forms

from monitoring.metrics.samples import LARGEST
from opsconsole.ui.fields import SpanField

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def number(
    label: str, help_text: str = "", *, least: float = -LARGEST, most: float = LARGEST, initial: float | None = None
) -> forms.Field:  # fmt: skip
    widget = forms.NumberInput({"step": "any", "inputmode": "decimal"})
    return forms.FloatField(
        label=label, help_text=help_text, min_value=least, max_value=most, initial=initial, widget=widget
    )


def lasting(label: str, help_text: str, initial: timedelta, most: timedelta = 30 * DAY) -> forms.Field:
    return SpanField(least=MINUTE, most=most, label=label, help_text=help_text, initial=initial)


def choice(label: str, *choices: tuple[str, str]) -> forms.Field:
    return forms.ChoiceField(label=label, choices=choices, initial=choices[0][0])
