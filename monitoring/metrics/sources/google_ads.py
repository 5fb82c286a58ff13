"""A figure of Google Ads of yesterday: cost, clicks, conversions, and what a conversion cost."""

import json
from datetime import datetime, timedelta

from django import forms

from monitoring.metrics.fetching import fetch, loaded, number
from monitoring.metrics.google import refreshed_token
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import Kind, Question, SourceFailed, Values, kinds, secret_field, single

API = "https://googleads.googleapis.com"
_VERSION = "v21"
# (field of the query, key in the answer, unit)
_FIGURES = {
    "cost": ("cost_micros", "costMicros", ""),
    "clicks": ("clicks", "clicks", "clicks"),
    "impressions": ("impressions", "impressions", "impressions"),
    "conversions": ("conversions", "conversions", "conversions"),
    "cost_per_conversion": ("cost_per_conversion", "costPerConversion", ""),
}
_MICROS = ("cost", "cost_per_conversion")


class Form(Question):
    secret = ("developer_token", "client_secret", "refresh_token")
    customer = forms.RegexField(
        r"^[0-9]{3}-?[0-9]{3}-?[0-9]{4}$", label="Customer’s number", help_text="Such as 123-456-7890.",
        error_messages={"invalid": "Write ten digits, such as 123-456-7890."},
    )  # fmt: skip
    manager = forms.RegexField(
        r"^[0-9]{3}-?[0-9]{3}-?[0-9]{4}$", required=False, label="Manager account", help_text="Where access goes through one.",
        error_messages={"invalid": "Write ten digits, such as 123-456-7890."},
    )  # fmt: skip
    developer_token = secret_field("Developer token", required=True)
    client_id = forms.CharField(max_length=250, label="OAuth client ID")
    client_secret = secret_field("OAuth client secret", required=True)
    refresh_token = secret_field("Refresh token", "Of somebody who may see the account.", required=True)
    version = forms.RegexField(
        r"^v[0-9]{1,3}$", initial=_VERSION, label="Version of the API", help_text="Google ends each after about a year; developers.google.com/google-ads tells the newest.",
        error_messages={"invalid": f"Write a version such as {_VERSION}."},
    )  # fmt: skip
    figure = forms.ChoiceField(
        choices=[(name, name.replace("_", " ").capitalize()) for name in _FIGURES],
        label="Figure of yesterday",
    )


def read(given: Values, _now: datetime) -> list[Sample]:
    token = refreshed_token(given["client_id"], given["client_secret"], given["refresh_token"])
    field, key, unit = _FIGURES[given["figure"]]
    headers = {
        "Authorization": f"Bearer {token}",
        "developer-token": given["developer_token"],
        "login-customer-id": given.get("manager", "").replace("-", ""),
        "Content-Type": "application/json",
    }
    query = f"SELECT metrics.{field} FROM customer WHERE segments.date DURING YESTERDAY"  # noqa: S608 — a name of ours
    url = f"{API}/{given.get('version', _VERSION)}/customers/{given['customer'].replace('-', '')}/googleAds:search"
    said = loaded(fetch(url, headers=headers, body=json.dumps({"query": query}).encode()).body)
    try:
        rows = said.get("results", [])
        value = number(rows[0]["metrics"].get(key, 0) if rows else 0, "The value")
    except (AttributeError, TypeError, KeyError, IndexError):
        raise SourceFailed("The answer is not that of Google Ads.") from None
    return single(value / 1e6 if given["figure"] in _MICROS else value, unit=unit)


kinds.register("google_ads", Kind("google_ads", "Google Ads", Form, read, every=timedelta(hours=1), order=24))
