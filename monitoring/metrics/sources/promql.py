"""A query to a Prometheus, or whatever speaks its API: one value, or one for each set of labels."""

from datetime import datetime
from typing import Any

from django import forms

from monitoring.metrics.fetching import fetch_json, number, url_field
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import VALUE, Kind, Question, SourceFailed, Values, kinds, secret_field

MOST = 500


class Form(Question):
    secret = ("authorization",)
    url = url_field("Address of Prometheus", placeholder="http://prometheus:9090")
    query = forms.CharField(
        max_length=2000,
        label="Query (PromQL)",
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
        help_text="Such as sum(rate(http_requests_total[5m])).",
    )
    authorization = secret_field("Authorization", "Sent as this header, such as Bearer abc… Empty: none.")


def read(given: Values, now: datetime) -> list[Sample]:
    url = f"{given['url'].rstrip('/')}/api/v1/query"
    query = {"query": given["query"], "time": f"{now.timestamp():.3f}", "timeout": "10s"}
    said = fetch_json(url, query=query, headers={"Authorization": given.get("authorization", "")})
    data = said.get("data") if isinstance(said, dict) else None
    if not isinstance(data, dict) or said.get("status") != "success":
        raise SourceFailed("The answer is not that of a Prometheus: “status” and “data” are missing.")
    return _samples(data.get("resultType"), data.get("result"))


def _samples(kind: Any, result: Any) -> list[Sample]:
    if kind == "scalar" and isinstance(result, list) and len(result) == 2:
        return [Sample(VALUE, (), number(result[1], "The result"))]
    if kind != "vector" or not isinstance(result, list):
        raise SourceFailed(
            f"The query gives a {str(kind)[:40]}: write one that gives a number now, without a range."
        )
    if len(result) > MOST:
        raise SourceFailed(f"The query gives {len(result):,} series; {MOST} are the most. Sum them up.")
    if not all(isinstance(row, dict) for row in result):
        raise SourceFailed("The answer is not that of a Prometheus: a row of its result is no object.")
    if any("value" not in row for row in result):
        raise SourceFailed(
            "The query gives a histogram: write one that gives a number, such as histogram_quantile(0.95, …)."
        )
    found = [_of(row) for row in result if str(row["value"][1]) not in ("NaN", "+Inf", "-Inf")]
    if not found:
        raise SourceFailed("The query gives nothing: no series fits it now.")
    return found


def _of(row: dict[str, Any]) -> Sample:
    labels = {name: str(value) for name, value in row.get("metric", {}).items() if name != "__name__"}
    return Sample(VALUE, tuple(sorted(labels.items())), number(row["value"][1], "A result"))


kinds.register("promql", Kind("promql", "A query to Prometheus (PromQL)", Form, read, order=2))
