"""The part of a source's form that every kind has."""

import re
from datetime import timedelta
from typing import Any

from django import forms

from monitoring.catalogue.models import Service
from monitoring.metrics.models import Source
from monitoring.metrics.sources import Kind
from monitoring.metrics.uploads import LARGEST
from opsconsole.ui.fields import SpanField


class SourceForm(forms.Form):
    name = forms.CharField(
        max_length=80, label="Name", help_text="As people here call it, such as Orders today."
    )
    unit = forms.CharField(
        max_length=20,
        required=False,
        label="Unit",
        help_text="%, ms, €, or a noun in the plural such as orders.",
    )
    service = forms.ModelChoiceField(
        Service.objects.order_by("name"), required=False, empty_label="None", label="Service"
    )
    interval = SpanField(
        least=timedelta(seconds=15), most=timedelta(days=1), initial=timedelta(minutes=1), label="Read every"
    )
    metric = forms.CharField(
        max_length=200, required=False, label="Name of the metric", help_text="Empty: made from the name."
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_metric(self) -> str:
        metric: str = self.cleaned_data["metric"]
        if metric and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.:]*", metric):
            raise forms.ValidationError("Begin with a letter, then letters, digits, “_” and “.”.")
        return metric


class UploadForm(forms.Form):
    """Its cleaned values are the arguments of `history_upload`."""

    name = forms.CharField(
        max_length=80, label="Metric", help_text="A new one, or the name of one that is there."
    )
    unit = forms.CharField(max_length=20, required=False, label="Unit", help_text="Of a new one.")
    column = forms.CharField(
        max_length=100, label="Column of the number", help_text="Its name in the first line."
    )
    when = forms.CharField(
        max_length=100,
        label="Column of the time",
        help_text="Written as 2026-11-16 or 2026-11-16 09:00, in UTC unless it says otherwise.",
    )
    file = forms.FileField(label="File", help_text="CSV with commas, semicolons or tabs, up to 5 MB.")

    def clean_file(self) -> bytes:
        given = self.cleaned_data["file"]
        if given.size > LARGEST:
            raise forms.ValidationError(f"The file has {given.size:,} bytes; {LARGEST:,} are the most.")
        content: bytes = given.read()
        return content


def forms_of(kind: Kind, source: Source | None, data: Any) -> tuple[SourceForm, forms.Form]:
    """The common part and that of the kind, filled with what is kept, but for secrets."""
    if source is None:
        return SourceForm(data, initial={"unit": kind.unit, "interval": kind.every}), kind.form(data)
    initial = {name: getattr(source, name) for name in SourceForm.base_fields}
    own = kind.form(data, initial=source.config)
    for name in kind.form.secret:
        if source.secrets.get(name):
            own.fields[name].required = False
            own.fields[name].help_text = "Kept as it is when left empty."
    return SourceForm(data, initial=initial), own
