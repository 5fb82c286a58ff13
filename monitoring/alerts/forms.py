"""Forms of alerts."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

from django import forms

from monitoring.alerts import grouping
from monitoring.alerts.matching import written
from monitoring.alerts.models import Inhibition, Rule, Window
from monitoring.alerts.recurring import LAST_DAY, Repeats
from monitoring.alerts.rules.base import Config, Kind
from monitoring.alerts.shipped import Template
from monitoring.alerts.states import Level
from monitoring.alerts.subjects import choices
from monitoring.alerts.windows import Plan
from monitoring.catalogue.models import Service
from opsconsole.lib.calendars import WEEKDAYS
from opsconsole.ui.fields import MomentField, RowsField, SpanField, ZoneField


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


class SilenceForm(forms.Form):
    """Its cleaned values are the arguments of `silence_create`."""

    matchers = forms.CharField(
        label="What to silence",
        max_length=4000,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text="One on each line, such as service=checkout or alertname=~Disk.* or env!=test; all must hold. The console knows"
        " service, source, severity and alertname of everything, and kind of probes and heartbeats.",
    )
    reason = forms.CharField(
        label="Why", max_length=200, help_text="For whoever wonders that nobody was told."
    )
    lasts = SpanField(
        least=timedelta(minutes=1),
        label="For",
        initial=timedelta(hours=2),
        help_text="“2 h”, “1 day”; 30 days at the most.",
    )


class GroupingForm(forms.Form):
    """Its cleaned values are the arguments of `grouping_change`."""

    by = forms.ChoiceField(choices=grouping.By, label="Told together are", widget=forms.RadioSelect)
    labels = forms.CharField(
        required=False,
        max_length=1000,
        label="Labels",
        help_text="E.g. service, cluster. The console knows service, source, severity and alertname of every alert.",
    )
    wait = SpanField(
        label="Wait for others after the first",
        help_text="What is over by then is never told. Up to 10 min; “0 s” tells at once. Usual is 30 s.",
    )
    interval = SpanField(
        label="Between two news of a group",
        help_text="1 min to 24 h. That all is over is told at once. Usual is 5 min.",
    )
    repeat = SpanField(
        label="Say again what still fires after",
        help_text="While nobody has it in hand. 15 min to 7 days. Usual is 4 h.",
    )

    @classmethod
    def of(cls, plan: grouping.Plan, data: Any = None) -> "GroupingForm":
        return cls(data, initial=vars(plan) | {"labels": ", ".join(plan.labels)})


class InhibitionForm(forms.Form):
    """Its cleaned values are the arguments of `inhibition_create` and `inhibition_update`."""

    source = forms.CharField(
        label="While an alert fires that fits",
        max_length=4000,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        help_text="One on each line, such as alertname=Database down or severity=~P0|critical or env!=test; all must hold. The"
        " console knows service, source, severity and alertname of every alert.",
    )
    target = forms.CharField(
        label="Nobody is told of those that fit",
        max_length=4000,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )
    equal = forms.CharField(
        label="If these labels are alike",
        max_length=1000,
        required=False,
        help_text="E.g. service, instance. Both must have them: a label that is missing is like no other. Without any, it holds"
        " for all that fit.",
    )
    reason = forms.CharField(
        label="Why", max_length=200, help_text="E.g. A database that is down explains slow pages."
    )

    @classmethod
    def of(cls, row: Inhibition, data: Any = None) -> "InhibitionForm":
        sides = {"source": written(row.rule.source), "target": written(row.rule.target)}
        return cls(data, initial={"reason": row.reason, "equal": ", ".join(row.equal)} | sides)


class WindowForm(forms.Form):
    """`what` is what people want, for windows.py."""

    reason = forms.CharField(label="Why", max_length=200, help_text="E.g. Database update.")
    services = RowsField(Service.objects.order_by("name"), label="Services")
    repeats = forms.ChoiceField(
        choices=Repeats, initial=Repeats.ONCE, label="It is", widget=forms.RadioSelect
    )
    starts_at = MomentField(label="From", help_text="What recurs begins no earlier.")
    lasts = SpanField(
        least=timedelta(minutes=1),
        most=timedelta(days=30),
        label="For how long",
        initial=timedelta(hours=2),
        help_text="“2 h”, “30 min”.",
    )
    until = MomentField(required=False, label="Recurs until", help_text="Needed for what recurs.")
    wall = forms.TimeField(
        required=False, label="Begins at", help_text="For weekdays and days of the month, e.g. 02:00."
    )
    weekdays = forms.TypedMultipleChoiceField(
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        label="Weekdays",
        widget=forms.CheckboxSelectMultiple,
    )
    day = forms.TypedChoiceField(
        choices=[("", "–"), *((n, str(n)) for n in range(1, 29)), (LAST_DAY, "the last")],
        coerce=int,
        empty_value=None,
        required=False,
        label="Day of the month",
    )
    cron = forms.CharField(
        required=False, max_length=100, label="Cron expression", help_text="E.g. 0 3 * * 0"
    )
    zone = ZoneField(help_text="Whose wall clock counts.")

    @property
    def what(self) -> dict[str, Any]:
        """The cleaned values, as arguments of the services."""
        own = dict(self.cleaned_data)
        return {"reason": own.pop("reason"), "services": own.pop("services"), "plan": Plan(**own)}


def initial_of_window(window: Window) -> dict[str, Any]:
    """A window as its form shows it."""
    names = ("reason", "repeats", "starts_at", "lasts", "until", "wall", "weekdays", "day", "cron", "zone")
    return {name: getattr(window, name) for name in names} | {"services": window.services.all()}
