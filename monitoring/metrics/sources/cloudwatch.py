"""A metric of AWS CloudWatch: GetMetricData, signed by ourselves; what AWS has of the last fifteen minutes and more."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from django import forms

from monitoring.metrics.fetching import fetch, loaded, number
from monitoring.metrics.samples import Sample
from monitoring.metrics.sigv4 import signed
from monitoring.metrics.sources import VALUE, Kind, Question, SourceFailed, Values, kinds, secret_field

API = "https://monitoring.{region}.amazonaws.com/"
_STATISTICS = ("Average", "Sum", "Minimum", "Maximum", "SampleCount", "p50", "p95", "p99")
_LOOK_BACK = 6  # periods: AWS is late by a few


class Form(Question):
    secret = ("secret_key", "session_token")
    region = forms.RegexField(
        r"^[a-z]{2}(-[a-z]+)+-\d$",
        label="Region",
        help_text="Such as eu-west-1.",
        error_messages={"invalid": "Write a region such as eu-west-1."},
    )
    access_key = forms.CharField(
        max_length=128,
        label="Access key ID",
        help_text="Of a user that may cloudwatch:GetMetricData, and nothing else.",
    )
    secret_key = secret_field("Secret access key", required=True)
    session_token = secret_field("Session token", "Only with temporary keys.")
    namespace = forms.CharField(max_length=255, label="Namespace", help_text="Such as AWS/RDS.")
    metric_name = forms.CharField(max_length=255, label="Metric", help_text="Such as CPUUtilization.")
    dimensions = forms.CharField(
        max_length=1000,
        required=False,
        label="Dimensions",
        help_text="Name=value, separated by commas: DBInstanceIdentifier=shop.",
    )
    statistic = forms.ChoiceField(choices=[(s, s) for s in _STATISTICS], label="Statistic")
    period = forms.TypedChoiceField(
        coerce=int,
        choices=[(60, "1 minute"), (300, "5 minutes"), (3600, "1 hour"), (86400, "1 day")],
        initial=300,
        label="Period",
    )

    def clean_dimensions(self) -> str:
        text: str = self.cleaned_data["dimensions"]
        if text.strip() and not re.fullmatch(r"\s*[^=,]+=[^=,]+(,\s*[^=,]+=[^=,]+)*\s*", text):
            raise forms.ValidationError("Write each as Name=value, separated by commas.")
        return text


def read(given: Values, now: datetime) -> list[Sample]:
    region = given["region"]
    url, body = API.format(region=region), json.dumps(_question(given, now)).encode()
    headers = signed(
        "POST",
        url,
        headers={
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "GraniteServiceVersion20100801.GetMetricData",
        },
        body=body,
        region=region,
        service="monitoring",
        key=given["access_key"],
        secret=given["secret_key"],
        token=given.get("session_token", ""),
        now=now,
    )
    return _samples(loaded(fetch(url, headers=headers, body=body).body), given["period"], now)


def _question(given: Values, now: datetime) -> dict[str, Any]:
    pairs = [pair.partition("=") for pair in given.get("dimensions", "").split(",") if pair.strip()]
    metric = {
        "Namespace": given["namespace"],
        "MetricName": given["metric_name"],
        "Dimensions": [{"Name": name.strip(), "Value": value.strip()} for name, _, value in pairs],
    }
    stat = {"Metric": metric, "Period": given["period"], "Stat": given["statistic"]}
    back = max(timedelta(seconds=given["period"] * _LOOK_BACK), timedelta(minutes=15))
    return {
        "MetricDataQueries": [{"Id": "m1", "MetricStat": stat, "ReturnData": True}],
        "StartTime": round((now - back).timestamp()),
        "EndTime": round(now.timestamp()),
        "ScanBy": "TimestampDescending",
    }


def _samples(said: Any, period: int, now: datetime) -> list[Sample]:
    """Each period that is over, at its end; of an hour or a day the newest alone, as of now."""
    try:
        [result] = said["MetricDataResults"]
        found = [
            (number(at, "A time") + period, value)
            for at, value in zip(result["Timestamps"], result["Values"], strict=True)
        ]
    except (TypeError, KeyError, ValueError):
        raise SourceFailed("The answer is not that of CloudWatch.") from None
    over = [(end, number(value, "What CloudWatch has")) for end, value in found if end <= now.timestamp()]
    if not over:
        raise SourceFailed(
            "CloudWatch has no data for this metric lately: check namespace, name, dimensions and region."
        )
    if period > 300:
        return [Sample(VALUE, (), max(over)[1])]
    return [Sample(VALUE, (), value, round(end * 1000)) for end, value in over]


kinds.register(
    "cloudwatch", Kind("cloudwatch", "AWS CloudWatch", Form, read, every=timedelta(minutes=5), order=20)
)
