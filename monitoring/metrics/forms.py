"""The forms of a key and of a series."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms

from monitoring.catalogue.models import Service
from monitoring.metrics.models import Series
from monitoring.metrics.states import Better, Kind, Part, Statistic
from opsconsole.boards.shipped import SHIPPED
from opsconsole.lib import figures
from opsconsole.ui.fields import SpanField


class KeyForm(forms.Form):
    name = forms.CharField(
        max_length=80, label="Who pushes", help_text="Such as Shop backend, or Telegraf on web-1."
    )
    service = forms.ModelChoiceField(
        Service.objects.order_by("name"),
        required=False,
        empty_label="None",
        label="Service",
        help_text="New series that come by this key belong to it.",
    )


class NumberField(forms.CharField):
    """A number as people write it; cleaned to a float, None when left empty."""

    def __init__(self, *, label: str, help_text: str = "") -> None:
        super().__init__(max_length=40, required=False, label=label, help_text=help_text)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(repr(value)).normalize():f}" if isinstance(value, float) else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        try:
            return figures.parsed(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class SeriesForm(forms.Form):
    """Its cleaned values are the arguments of `series_update`."""

    title = forms.CharField(max_length=160, label="Title")
    unit = forms.CharField(
        max_length=20,
        required=False,
        label="Unit",
        help_text="%, ms, s, min, €, or a noun in the plural such as jobs.",
    )
    kind = forms.ChoiceField(choices=Kind, label="Kind")
    statistic = forms.ChoiceField(
        choices=[("", "what is usual for its kind"), *Statistic.choices],
        required=False,
        label="Judged by",
        help_text="Of a level the mean or the newest value, of a counter its growth, of observations a percentile or the mean.",
    )
    service = forms.ModelChoiceField(
        Service.objects.order_by("name"), required=False, empty_label="None", label="Service"
    )
    part = forms.ChoiceField(
        choices=[("", "nothing in particular"), *Part.choices],
        required=False,
        label="It says, of the service",
        help_text="The page of the service’s performance shows it there.",
    )
    board = forms.ChoiceField(
        choices=[("", "none"), *((board.slug, board.title) for board in SHIPPED.values())],
        required=False,
        label="Dashboard",
        help_text="It stands there once it has a unit and a target.",
    )
    better = forms.ChoiceField(
        choices=Better, initial=Better.LOWER, widget=forms.RadioSelect, label="Direction"
    )
    target = NumberField(
        label="Target", help_text="With a unit and a target it becomes a figure, for checklists and reports."
    )
    limit = NumberField(
        label="Bad beyond", help_text="Between the target and this one should look. Empty: off target is bad."
    )
    every = SpanField(
        least=timedelta(seconds=1),
        most=timedelta(days=31),
        required=False,
        label="Should come every",
        help_text="After three times as long without a sample it counts as stopped. Empty: as it did so far.",
    )

    @classmethod
    def of(cls, series: Series, data: Any = None) -> "SeriesForm":
        return cls(data, initial={name: getattr(series, name) for name in cls.base_fields})

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())
