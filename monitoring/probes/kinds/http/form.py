"""The fields of an HTTP probe: the address stands open, what is asked for more rarely folds away."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from monitoring.probes import headers
from monitoring.probes.kinds.http import bodies, kept, oauth, signing
from monitoring.probes.kinds.http.checks import METHODS, MOST_REDIRECTS
from monitoring.probes.kinds.http.config import complete
from monitoring.probes.kinds.http.rows import ConditionsField
from monitoring.probes.questions import Question

_CERTIFICATES = ("client_certificate", "authority")
_HOPS = [(0, "Do not follow"), *((n, f"At most {n}") for n in range(1, MOST_REDIRECTS + 1))]


_LOST = (
    "If one was kept, no key of this console opens it any more: type it anew, or restore the old SECRET_KEY."
)


def url_input() -> forms.TextInput:
    return forms.TextInput(
        attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off", "spellcheck": "false"}
    )


def with_scheme(url: str) -> str:
    """What people leave out: “example.com/health” is asked by https."""
    url = url.strip()
    return f"https://{url}" if url and "://" not in url else url


def _lines(rows: int, *classes: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "class": " ".join(classes)})


def _words(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, strip=False, max_length=10_100, widget=_lines(2), help_text=help_text
    )


class HttpForm(Question):
    """What is asked, and what a good answer is."""

    url = forms.CharField(
        label="Address", max_length=2000, widget=url_input(), help_text="The whole address, with https://."
    )
    expected_status = forms.CharField(
        label="Expected status", initial="200-299", help_text="Codes and ranges, such as 200-299, 401."
    )
    latency_degraded_ms = forms.IntegerField(
        label="Degraded above, ms",
        required=False,
        min_value=1,
        help_text="Empty: speed is measured, not judged.",
    )
    latency_down_ms = forms.IntegerField(label="Down above, ms", required=False, min_value=1)
    keyword_present = _words("It must contain", "One word or phrase a line; all of them must be there.")
    keyword_absent = _words("It must not contain", "One a line; none of them may be there.")
    keyword_any_case = forms.BooleanField(label="Capitals do not matter", required=False)
    upside_down = forms.BooleanField(
        label="Upside down: it must fail", required=False,
        help_text="Up is when it does not answer as above, such as a port that must stay closed.",
    )  # fmt: skip
    conditions = ConditionsField(
        label="Conditions", required=False,
        help_text="Each must hold, for every value that its path finds. Write a value in quotes to mean a text only.",
    )  # fmt: skip
    method = forms.ChoiceField(choices=[(m, m) for m in METHODS])
    body_kind = forms.ChoiceField(
        label="Sends", required=False, initial="text", choices=list(bodies.KINDS.items())
    )
    body = forms.CharField(required=False, strip=False, widget=_lines(3, "mono"))
    headers = forms.CharField(
        required=False, widget=_lines(3, "mono"),
        help_text="One a line, as “Name: value”. They are kept encrypted; secret ones are not shown again.",
    )  # fmt: skip
    most_redirects = forms.ChoiceField(
        label="Redirects",
        required=False,
        choices=_HOPS,
        initial=MOST_REDIRECTS,
        help_text="To another host go your headers too, without Authorization and cookies.",
    )
    redirect_to = forms.CharField(
        label="It must lead to", required=False, max_length=500,
        help_text="A part of the address. Expect a status such as 301-308.",
    )  # fmt: skip
    allow_downgrade = forms.BooleanField(label="Follow from https to http too", required=False)
    sign_in = forms.ChoiceField(
        label="Signs in", required=False, initial="none", choices=list(signing.WAYS.items())
    )
    username = forms.CharField(label="Name", required=False, max_length=200)
    password = kept.line("Password", max_length=signing.LONGEST)
    token = kept.line("Token", max_length=signing.LONGEST)
    token_url = forms.CharField(
        label="Token address", required=False, max_length=2000, widget=url_input(),
        help_text="Its token is kept until shortly before its end, for all probes that sign in so.",
    )  # fmt: skip
    client_id = forms.CharField(label="Client id", required=False, max_length=1000)
    client_secret = kept.line("Client secret", max_length=signing.LONGEST)
    client_auth = forms.ChoiceField(
        label="Id and secret are sent", required=False, initial="header", choices=list(oauth.AUTH.items())
    )
    scope = forms.CharField(required=False, max_length=1000, help_text="Several with a blank between them.")
    audience = forms.CharField(required=False, max_length=1000, help_text="Only if the server wants one.")
    client_certificate = kept.pem(
        "Client certificate", help_text="In PEM, for servers that ask for one; others of its chain below it."
    )
    client_key = kept.pem("Its key", help_text="In PEM, without a passphrase.")
    verify_tls = forms.BooleanField(label="The certificate must be valid", required=False, initial=True)
    authority = kept.pem(
        "An authority of your own", help_text="In PEM: trusted for this probe, instead of the public ones."
    )

    FIRST = ("url",)
    FOLDS = (
        (
            "What a good answer is",
            (
                "expected_status", "latency_degraded_ms", "latency_down_ms", "keyword_present", "keyword_absent",
                "keyword_any_case", "upside_down",
            ),
        ),
        ("What its JSON must say", ("conditions",)),
        (
            "How it asks",
            ("method", "body_kind", "body", "headers", "most_redirects", "redirect_to", "allow_downgrade"),
        ),
        (
            "Signing in, and certificates",
            (
                "sign_in", "username", "password", "token", "token_url", "client_id", "client_secret",
                "client_auth", "scope", "audience", "client_certificate", "client_key", "verify_tls",
                "authority",
            ),
        ),
    )  # fmt: skip
    SECRET = signing.SECRETS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in signing.SECRETS:
            if self.is_lost:
                self.fields[name].help_text = _LOST
            elif self.kept.get(name):
                kept.told(self.fields[name], _note(name, self.kept[name]))

    @classmethod
    def shown(cls, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        return {**complete(config), "headers": headers.shown((secrets or {}).get("headers") or {})}

    def clean_url(self) -> str:
        return with_scheme(self.cleaned_data["url"])

    def clean_headers(self) -> dict[str, str]:
        try:
            return headers.parse(self.cleaned_data["headers"], self.kept.get("headers") or {})
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def clean_most_redirects(self) -> int:
        return int(self.cleaned_data["most_redirects"] or MOST_REDIRECTS)

    def clean_sign_in(self) -> str:
        return self.cleaned_data["sign_in"] or "none"

    def clean_token_url(self) -> str:
        return with_scheme(self.cleaned_data["token_url"])

    def clean_client_auth(self) -> str:
        return self.cleaned_data["client_auth"] or "header"

    def clean_body_kind(self) -> str:
        return self.cleaned_data["body_kind"] or "text"

    @property
    def secrets(self) -> dict[str, Any]:
        found = {name: kept.chosen(self, name, self.kept) for name in self.SECRET if name != "headers"}
        return {"headers": self.cleaned_data["headers"], **found}


def _note(name: str, secret: str) -> str:
    what = signing.described(secret) if name in _CERTIFICATES else ""
    return f"One is kept{f' ({what})' if what else ''}; leave it empty to keep it."
