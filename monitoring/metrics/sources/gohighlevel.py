"""Counts of GoHighLevel: opportunities by state, and contacts of a location."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from monitoring.metrics.fetching import fetch_json, number
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import Kind, Question, SourceFailed, Values, kinds, secret_field, single

API = "https://services.leadconnectorhq.com"
_VERSION = "2021-07-28"


class Form(Question):
    secret = ("token",)
    location = forms.RegexField(
        r"^[A-Za-z0-9]{5,60}$", label="Location’s ID", help_text="Settings, Business profile."
    )
    token = secret_field(
        "Private integration token",
        "Begins with pit-; let it read opportunities and contacts.",
        required=True,
    )
    figure = forms.ChoiceField(
        choices=[
            ("open", "Open opportunities"),
            ("won", "Opportunities won"),
            ("lost", "Opportunities lost"),
            ("contacts", "Contacts"),
        ],
        label="Figure",
    )


def read(given: Values, _now: datetime) -> list[Sample]:
    figure, location = given["figure"], given["location"]
    if figure == "contacts":
        said = _ask(given, "/contacts/", {"locationId": location, "limit": 1})
    else:
        said = _ask(given, "/opportunities/search", {"location_id": location, "status": figure, "limit": 1})
    try:
        total = said["meta"]["total"]
    except (TypeError, KeyError):
        raise SourceFailed("The answer is not that of GoHighLevel: it has no total.") from None
    return single(number(total, "The total"), unit="contacts" if figure == "contacts" else "opportunities")


def _ask(given: Values, path: str, query: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {given['token']}", "Version": _VERSION, "Accept": "application/json"}
    return fetch_json(f"{API}{path}", headers=headers, query=query)


kinds.register(
    "gohighlevel", Kind("gohighlevel", "GoHighLevel", Form, read, every=timedelta(hours=1), order=26)
)
