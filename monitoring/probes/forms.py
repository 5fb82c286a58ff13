"""Forms of probes. They only read what was typed; the services judge it, and say on the field what is wrong."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from monitoring.catalogue.models import Service
from monitoring.probes import headers
from monitoring.probes.kinds import kinds
from monitoring.probes.kinds.http import DEFAULTS, METHODS
from monitoring.probes.models import Probe
from monitoring.probes.services import Pace
from opsconsole.ui.fields import SpanField

CONFIG = tuple(DEFAULTS)
HTTP = "http"
_PACE = Pace()
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_URL = forms.TextInput(
    attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off", "spellcheck": "false"}
)


def with_scheme(url: str) -> str:
    """What people leave out: “example.com/health” is asked by https."""
    url = url.strip()
    return f"https://{url}" if url and "://" not in url else url


def _kinds() -> list[tuple[str, str]]:
    return [(kind.name, kind.title) for kind in kinds]


class ProbeForm(forms.Form):
    """What a probe asks, what a good answer is, and how patient it is. Its kind is asked for while there are several."""

    kind = forms.ChoiceField(required=False, initial=HTTP, choices=_kinds)
    service = forms.ModelChoiceField(Service.objects.order_by("name"), empty_label="Choose a service")
    name = forms.CharField(
        max_length=80, help_text="As incidents and messages will call it, e.g. Checkout page."
    )
    url = forms.CharField(
        label="Address", max_length=2000, widget=_URL, help_text="The whole address, with https://."
    )
    interval = SpanField(label="Ask every", least=5 * _SECOND, most=_DAY, initial=_PACE.interval * _SECOND)
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
    timeout = SpanField(
        label="Wait for an answer", least=_SECOND, most=120 * _SECOND, initial=_PACE.timeout * _SECOND
    )
    retry_interval = SpanField(
        label="Retry a failure in", least=5 * _SECOND, most=_DAY, initial=_PACE.retry_interval * _SECOND,
        help_text="Until the failure is confirmed or disproved.",
    )  # fmt: skip
    failure_threshold = forms.IntegerField(
        label="Failures until it is down", min_value=1, max_value=20, initial=_PACE.failure_threshold
    )
    recovery_threshold = forms.IntegerField(
        label="Successes until it is up", min_value=1, max_value=20, initial=_PACE.recovery_threshold
    )

    ANSWER = (
        "keyword_present",
        "keyword_absent",
        "expected_status",
        "latency_degraded_ms",
        "latency_down_ms",
    )
    QUESTION = ("method", "headers", "body", "follow_redirects", "verify_tls")
    PACE = ("interval", "timeout", "retry_interval", "failure_threshold", "recovery_threshold")

    def __init__(self, *args: Any, probe: Probe | None = None, **kwargs: Any) -> None:
        self.kept = dict(probe.secrets.get("headers") or {}) if probe else {}
        if probe:
            kwargs["initial"] = _initial(probe) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fixed_kind = probe.kind if probe else HTTP
        if probe or len(kinds) == 1:
            del self.fields["kind"]

    def clean_url(self) -> str:
        return with_scheme(self.cleaned_data["url"])

    def clean_headers(self) -> dict[str, str]:
        try:
            return headers.parse(self.cleaned_data["headers"], self.kept)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    @property
    def chosen_kind(self) -> str:
        return self.cleaned_data.get("kind") or self.fixed_kind

    @property
    def config(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CONFIG}

    @property
    def pace(self) -> Pace:
        given = self.cleaned_data
        interval, retry, timeout = (
            int(given[name].total_seconds()) for name in ("interval", "retry_interval", "timeout")
        )
        return Pace(interval, retry, timeout, given["failure_threshold"], given["recovery_threshold"])

    def said(self) -> dict[str, Any]:
        """What services of probes take."""
        given = self.cleaned_data
        return {
            "service": given["service"],
            "name": given["name"],
            "config": self.config,
            "headers": given["headers"],
            "pace": self.pace,
        }

    def group(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def folds(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """The advanced parts: title, fields, and whether one of them has an error and must not hide."""
        parts = (
            ("What a good answer is", self.ANSWER),
            ("How it asks", self.QUESTION),
            ("How often, and how patient it is", self.PACE),
        )
        return [
            (title, fields, any(f.errors for f in fields))
            for title, fields in ((title, self.group(names)) for title, names in parts)
        ]


def _initial(probe: Probe) -> dict[str, Any]:
    """What the form shows of a probe that exists."""
    return {
        **DEFAULTS,
        **probe.config,
        "service": probe.service_id,
        "name": probe.name,
        "headers": headers.shown(probe.secrets.get("headers") or {}),
        "interval": probe.interval * _SECOND,
        "retry_interval": probe.retry_interval * _SECOND,
        "timeout": probe.timeout * _SECOND,
        "failure_threshold": probe.failure_threshold,
        "recovery_threshold": probe.recovery_threshold,
    }


class AddressForm(forms.Form):
    """The first probe of a new service, in one line. Left empty, the service has no probe yet."""

    url = forms.CharField(
        label="Its address",
        max_length=2000,
        required=False,
        widget=_URL,
        help_text="It is asked every 30 seconds, and two failures in a row open an incident. Empty: watch it otherwise.",
    )

    def clean_url(self) -> str:
        return with_scheme(self.cleaned_data["url"])
