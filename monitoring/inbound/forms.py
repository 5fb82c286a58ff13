"""Forms of integrations."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from monitoring.alerts.states import Level
from monitoring.catalogue.models import Service
from monitoring.inbound.kinds import Kind
from monitoring.inbound.mapping import OVER, PATHS, BadPath, check
from monitoring.inbound.models import Integration

_LEVELS = [
    (Level.P0.value, "P0 · customers cannot work"),
    (Level.P1.value, "P1 · much is broken"),
    (Level.P2.value, "P2 · something is broken"),
    (Level.P3.value, "P3 · worth knowing"),
]


class IntegrationForm(forms.Form):
    """Its cleaned values are the arguments of `integration_create` and `integration_update`."""

    name = forms.CharField(
        max_length=80,
        label="Name",
        help_text="As people here call that system, e.g. Prometheus of the cluster.",
    )
    service = forms.ModelChoiceField(
        Service.objects.order_by("name"),
        required=False,
        empty_label="None, or by their labels",
        label="Service",
        help_text="Whose alerts these are, unless a label “service” names another one of the catalogue.",
    )
    severity = forms.TypedChoiceField(
        choices=_LEVELS,
        coerce=lambda value: Level(int(value)),
        initial=Level.P2.value,
        label="How bad, where it does not say so",
        help_text="critical counts as P0, error and high as P1, warning as P2, info as P3.",
    )
    secret = forms.CharField(
        max_length=200, required=False, widget=forms.PasswordInput({"autocomplete": "off"}), label="Secret"
    )

    def __init__(self, *args: Any, kind: Kind, integration: Integration | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not kind.signed_by:
            del self.fields["secret"]
            return
        kept = " Empty: the one there is stays." if integration else " Empty: nothing is verified."
        self.fields["secret"].label, self.fields["secret"].help_text = (
            kind.signed_by,
            f"It signs what comes.{kept}",
        )

    @classmethod
    def of(cls, integration: Integration, kind: Kind, data: Any = None) -> "IntegrationForm":
        initial = {name: getattr(integration, name) for name in ("name", "service", "severity")}
        return cls(data, kind=kind, integration=integration, initial=initial)


def _path(label: str, help_text: str = "", *, required: bool = False) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "mono"})
    return forms.CharField(max_length=200, required=required, label=label, help_text=help_text, widget=widget)


class MappingForm(forms.Form):
    """Where in the JSON each field stands, as JSON paths within one alert."""

    items = _path(
        "List of alerts", "Empty: all that comes is one alert. $.alerts[*] where it comes with several."
    )
    title = _path("Title", "What an alert is called, e.g. $.alert.title.", required=True)
    key = _path("Key", "What stays the same from its beginning to its end. Empty: its title.")
    state = _path("State", "Empty: whatever comes is an alert that fires.")
    over = forms.CharField(
        max_length=300,
        required=False,
        initial=OVER,
        label="States that mean it is over",
        help_text="Separated by commas. Every other state fires.",
    )
    severity = _path("Severity")
    url = _path("Link")
    at = _path("Time", "Of the event: ISO 8601, or seconds since 1970. Empty: when it came.")

    def clean(self) -> dict[str, Any]:
        for name in PATHS:
            try:
                check(self.cleaned_data.get(name) or "$")
            except BadPath as error:
                self.add_error(name, ValidationError(str(error)))
        return self.cleaned_data
