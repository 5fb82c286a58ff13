"""Figures of Sentry: errors that came in an hour, and issues that nobody has resolved."""

from datetime import datetime
from typing import Any

from django import forms

from monitoring.metrics.fetching import fetch, loaded, number, url_field
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import Kind, Question, SourceFailed, Values, kinds, secret_field, single

_SLUG = r"^[A-Za-z0-9_-]{1,80}$"
_ERRORS = {
    "field": "sum(quantity)",
    "category": "error",
    "outcome": "accepted",
    "interval": "1h",
    "statsPeriod": "1h",
}


class Form(Question):
    secret = ("token",)
    url = url_field("Address of Sentry", "Your own, or https://sentry.io.", "https://sentry.io")
    organisation = forms.RegexField(
        _SLUG, label="Organisation", help_text="Its short name, as in the address."
    )
    project = forms.RegexField(
        r"^[0-9]{1,20}$", label="Project’s number", help_text="It stands behind project= in the address of its issues.",
        error_messages={"invalid": "Write the number of the project, not its name."},
    )  # fmt: skip
    token = secret_field("Auth token", "With the scopes org:read and event:read.", required=True)
    figure = forms.ChoiceField(
        choices=[("errors", "Errors in the last hour"), ("issues", "Issues that are not resolved")],
        label="Figure",
    )


def read(given: Values, _now: datetime) -> list[Sample]:
    base = f"{given['url'].rstrip('/')}/api/0/organizations/{given['organisation']}"
    return {"errors": _errors, "issues": _issues}[given["figure"]](base, given)


def _errors(base: str, given: Values) -> list[Sample]:
    said = loaded(_ask(f"{base}/stats_v2/", given, _ERRORS).body)
    try:
        return single(
            number(sum(group["totals"]["sum(quantity)"] for group in said["groups"]), "The count"),
            unit="errors",
        )
    except (TypeError, KeyError):
        raise SourceFailed("The answer is not that of Sentry.") from None


def _issues(base: str, given: Values) -> list[Sample]:
    """Sentry says in a header how many there are in all."""
    answer = _ask(f"{base}/issues/", given, {"query": "is:unresolved", "limit": 1})
    if "x-hits" not in answer.headers:
        raise SourceFailed("The answer does not say how many issues there are.")
    return single(number(answer.headers["x-hits"], "The count of issues"), unit="issues")


def _ask(url: str, given: Values, query: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {given['token']}"}
    return fetch(url, headers=headers, query={"project": given["project"], **query})


kinds.register("sentry", Kind("sentry", "Sentry", Form, read, order=22))
