"""A rule over figures."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

from django import forms

from monitoring.alerts.models import Rule
from monitoring.alerts.rules.base import Config, Kind
from monitoring.alerts.shipped import Template
from monitoring.alerts.states import Level
from monitoring.alerts.subjects import choices
from monitoring.catalogue.models import Service
from opsconsole.ui.fields import SpanField


def _subjects() -> list[Any]:
    return [("", "Choose what to watch"), *choices()]


class RuleForm(forms.Form):
    """What every rule has, and what its kind asks for; the cleaned values are arguments of `rule_create` and `rule_update`."""

    name = forms.CharField(max_length=120, label="Name", help_text="What people read when it fires.")
    subject = forms.ChoiceField(choices=_subjects, label="What it watches")
    severity = forms.TypedChoiceField(choices=Level, coerce=int, initial=Level.P2, label="Severity")
    service = forms.ModelChoiceField(
        Service.objects.order_by("name"),
        required=False,
        empty_label="None",
        label="Service",
        help_text="Its incidents take the alert in.",
    )

    def __init__(self, kind: Kind, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields |= {name: deepcopy(field) for name, field in kind.fields.items()}
        self.order_fields(["name", "subject", *kind.fields, "severity", "service"])

    @classmethod
    def of(cls, kind: Kind, rule: Rule, data: Any = None) -> "RuleForm":
        own = {name: getattr(rule, name) for name in ("name", "subject", "severity", "service")}
        return cls(kind, data, initial=own | initial_of(kind, rule.config))

    @classmethod
    def by(cls, kind: Kind, template: Template | None, subject: str, data: Any = None) -> "RuleForm":
        own: dict[str, Any] = {"subject": subject}
        if template:
            own |= {"name": template.name, "severity": template.severity} | initial_of(kind, template.config)
        return cls(kind, data, initial=own)


def initial_of(kind: Kind, config: Config) -> dict[str, Any]:
    """A configuration as the form shows it: spans in words."""
    spans = {name for name, field in kind.fields.items() if isinstance(field, SpanField)}
    return {name: timedelta(seconds=value) if name in spans else value for name, value in config.items()}
