"""The fields of an HTTP probe, and what its page says of them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from monitoring.probes import headers
from monitoring.probes.questions import Question
from opsconsole.lib.figures import written

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def url_input() -> forms.TextInput:
    return forms.TextInput(
        attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off", "spellcheck": "false"}
    )


def with_scheme(url: str) -> str:
    """What people leave out: “example.com/health” is asked by https."""
    url = url.strip()
    return f"https://{url}" if url and "://" not in url else url


class HttpForm(Question):
    """What is asked, and what a good answer is."""

    url = forms.CharField(
        label="Address", max_length=2000, widget=url_input(), help_text="The whole address, with https://."
    )
    latency_degraded_ms = forms.IntegerField(
        label="Slow above, ms", required=False, min_value=1, help_text="Empty: speed is measured, not judged."
    )
    keyword_present = forms.CharField(
        label="It must contain", required=False, max_length=500, strip=False,
        help_text="A word that is only there when all is well.",
    )  # fmt: skip
    keyword_absent = forms.CharField(label="It must not contain", required=False, max_length=500, strip=False)
    expected_status = forms.CharField(
        label="Expected status", initial="200-299", help_text="Codes and ranges, such as 200-299, 401."
    )
    method = forms.ChoiceField(choices=[(m, m) for m in METHODS])
    headers = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
        help_text="One a line, as “Name: value”. They are kept encrypted; secret ones are not shown again.",
    )  # fmt: skip
    body = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
    )
    follow_redirects = forms.BooleanField(label="Follow redirects", required=False, initial=True)
    verify_tls = forms.BooleanField(label="The certificate must be valid", required=False, initial=True)
    latency_down_ms = forms.IntegerField(label="Down above, ms", required=False, min_value=1)

    FIRST = ("url",)
    FOLDS = (
        (
            "What a good answer is",
            (
                "keyword_present",
                "keyword_absent",
                "expected_status",
                "latency_degraded_ms",
                "latency_down_ms",
            ),
        ),
        ("How it asks", ("method", "headers", "body", "follow_redirects", "verify_tls")),
    )
    SECRET = ("headers",)

    @classmethod
    def shown(cls, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        return {**config, "headers": headers.shown(secrets.get("headers") or {})}

    def clean_url(self) -> str:
        return with_scheme(self.cleaned_data["url"])

    def clean_headers(self) -> dict[str, str]:
        try:
            return headers.parse(self.cleaned_data["headers"], self.kept.get("headers") or {})
        except ValueError as error:
            raise ValidationError(str(error)) from None


def facts(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a good answer is, in words."""
    present, absent = config.get("keyword_present"), config.get("keyword_absent")
    expected = [f"status {config.get('expected_status') or '200-299'}"]
    expected += [f"“{present}” in the answer"] if present else []
    expected += [f"no “{absent}” in it"] if absent else []
    slow, down = config.get("latency_degraded_ms"), config.get("latency_down_ms")
    speed = [f"slow above {written(slow, 'ms')}" if slow else "speed is not judged"]
    speed += [f"down above {written(down, 'ms')}"] if down else []
    method = config.get("method") or "GET"
    return [("Method", method), ("Expected", ", ".join(expected)), ("Slow, down", ", ".join(speed))]
