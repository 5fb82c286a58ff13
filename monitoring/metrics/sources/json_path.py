"""JSON over HTTP, and the path of the number in it."""

from datetime import datetime
from typing import Any

from django import forms

from monitoring.metrics.fetching import fetch_json, number, url_field
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import Kind, Question, SourceFailed, Values, kinds, secret_field, single
from opsconsole.lib import json_paths
from opsconsole.ui.forms import refused


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
        with refused():
            json_paths.compiled(path)
        return path


def read(given: Values, _now: datetime) -> list[Sample]:
    data = fetch_json(given["url"], headers={"Authorization": given.get("authorization", "")})
    found = _found(given["path"], data)
    if len(found) != 1:
        raise SourceFailed(
            f"The path finds {len(found)} values; it must find one."
            if found
            else "The path finds nothing in the answer."
        )
    return single(number(found[0], "What the path finds"))


def _found(path: str, data: Any) -> list[Any]:
    try:
        return json_paths.find(json_paths.compiled(path), data)
    except (json_paths.TooMuch, RecursionError):
        raise SourceFailed("There is too much in the answer to look through; name a smaller place.") from None


kinds.register("json", Kind("json", "JSON over HTTP", Form, read, order=3))
