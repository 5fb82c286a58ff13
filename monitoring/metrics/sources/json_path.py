"""JSON over HTTP, and the path of the number in it."""

from datetime import datetime
from importlib import import_module
from typing import Any

from django import forms

from monitoring.metrics.fetching import fetch_json, number, url_field
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import Kind, Question, SourceFailed, Values, kinds, secret_field, single


class Form(Question):
    secret = ("authorization",)
    url = url_field("Address", placeholder="https://api.example.com/stats")
    path = forms.CharField(
        max_length=500,
        label="Path of the number (JSONPath)",
        help_text="Such as $.queue.length, or $.rows[0].count.",
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )
    authorization = secret_field("Authorization", "Sent as this header, such as Bearer abc… Empty: none.")

    def clean_path(self) -> str:
        path: str = self.cleaned_data["path"]
        try:
            _library().compile(path)
        except _library().JSONPathError as error:
            raise forms.ValidationError(f"This is no JSONPath: {str(error).splitlines()[0]}.") from None
        return path


def _library() -> Any:
    return import_module("jsonpath")


def read(given: Values, _now: datetime) -> list[Sample]:
    found = _library().findall(
        given["path"], fetch_json(given["url"], headers={"Authorization": given.get("authorization", "")})
    )
    if len(found) != 1:
        raise SourceFailed(
            f"The path finds {len(found)} values; it must find one."
            if found
            else "The path finds nothing in the answer."
        )
    return single(number(found[0], "What the path finds"))


kinds.register("json", Kind("json", "JSON over HTTP", Form, read, order=3))
