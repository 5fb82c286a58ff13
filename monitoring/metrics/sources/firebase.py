"""A metric of Firebase or Google Analytics 4: of yesterday, or of the last half hour."""

import json
from datetime import datetime, timedelta
from typing import Any

from django import forms

from monitoring.metrics.fetching import fetch, loaded, number
from monitoring.metrics.google import account_of, account_token
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import Kind, Question, SourceFailed, Values, kinds, secret_field, single

API = "https://analyticsdata.googleapis.com"
_SCOPE = "https://www.googleapis.com/auth/analytics.readonly"


class Form(Question):
    secret = ("account",)
    account = secret_field(
        "Key file of a service account",
        "Paste all of its JSON. Let the account view the property, no more.",
        required=True,
    )
    property = forms.RegexField(
        r"^[0-9]{1,20}$", label="Property’s number", help_text="Admin, Property details.",
        error_messages={"invalid": "Write the number of the property, without “properties/”."},
    )  # fmt: skip
    figure = forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9:]{1,60}$", initial="activeUsers", label="Metric", help_text="As the Data API calls it: activeUsers, sessions, crashAffectedUsers.",
    )  # fmt: skip
    span = forms.ChoiceField(
        choices=[("yesterday", "Yesterday"), ("now", "The last 30 minutes")], label="Of which time"
    )

    def clean_account(self) -> str:
        text: str = self.cleaned_data["account"]
        try:
            return text and json.dumps(account_of(text))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


def read(given: Values, now: datetime) -> list[Sample]:
    token = account_token(given["account"], _SCOPE, now)
    now_too = given["span"] == "now"
    question: dict[str, Any] = {"metrics": [{"name": given["figure"]}]}
    if not now_too:
        question["dateRanges"] = [{"startDate": "yesterday", "endDate": "yesterday"}]
    url = f"{API}/v1beta/properties/{given['property']}:run{'Realtime' if now_too else ''}Report"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    said = loaded(fetch(url, headers=headers, body=json.dumps(question).encode()).body)
    try:
        rows = said.get("rows", [])  # without a row nothing was counted
        return single(number(rows[0]["metricValues"][0]["value"] if rows else 0, "The value"))
    except (AttributeError, TypeError, KeyError, IndexError):
        raise SourceFailed("The answer is not that of Google Analytics.") from None


kinds.register(
    "firebase",
    Kind("firebase", "Firebase and Google Analytics", Form, read, every=timedelta(hours=1), order=23),
)
