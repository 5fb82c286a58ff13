"""Forms of the response. Their field names are the arguments of the services they are handed to."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from incidents.response.models import Incident, SeverityPolicy
from incidents.response.selectors import policies
from incidents.response.states import Severity
from monitoring.catalogue.models import Service
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import able
from opsconsole.lib import durations
from opsconsole.ui.fields import DayField, MomentField


def severity_choice(policy: SeverityPolicy) -> SafeString:
    """A severity with what it means, so that nobody has to know the table by heart."""
    lines = format_html_join(" ", "{}", ((line,) for line in policy.criteria.splitlines()))
    target = durations.words(timedelta(minutes=policy.acknowledge_minutes))
    return format_html(
        '<b>{}</b> <span class="quiet">{} Acknowledge within {}.</span>', policy, lines, target
    )


def as_severity(value: Any) -> Severity:
    return Severity(int(value))


class SeverityField(forms.TypedChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=as_severity, widget=forms.RadioSelect, choices=self._choices, **options)
        self.error_messages["required"] = "Choose what fits best; it can be changed at any time."

    @staticmethod
    def _choices() -> list[tuple[str, str]]:
        return [(str(policy.level), severity_choice(policy)) for policy in policies()]


class OpenForm(forms.Form):
    title = forms.CharField(
        max_length=160,
        label="What is wrong?",
        help_text="As a customer would say it: “Checkout answers 502”.",
        error_messages={"required": "Say in a few words what is wrong."},
    )
    severity = SeverityField(label="How bad is it?")
    service = forms.ModelChoiceField(
        Service.objects.all(), required=False, label="Service", empty_label="None, or not sure"
    )
    description = forms.CharField(
        required=False,
        label="What do you see?",
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        help_text="The error, who reported it, since when.",
    )
    is_drill = forms.BooleanField(
        required=False,
        label="It is a drill",
        help_text="Timed like a real one and told to the same channels as a drill; left out of every figure.",
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Note",
        max_length=10_000,
        widget=forms.Textarea({"rows": 3, "placeholder": "What you see, what you tried. Markdown works."}),
        error_messages={"required": "Write what you saw or tried."},
    )


class ResolveForm(forms.Form):
    note = forms.CharField(required=False, max_length=10_000)


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        able(Role.RESPONDER), required=False, label="Who has it", empty_label="Nobody"
    )


class SeverityForm(forms.Form):
    severity = forms.TypedChoiceField(coerce=as_severity, choices=Severity.choices, label="Severity")
    why = forms.CharField(required=False, max_length=300, label="Why")


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        Incident.objects.none(),
        label="Merge into",
        empty_label="Choose an incident",
        error_messages={
            "required": "Choose the incident it belongs to.",
            "invalid_choice": "That one is not open.",
        },
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Incident.objects.live().filter(is_drill=incident.is_drill).exclude(pk=incident.pk)
        self.fields["into"].queryset = others.order_by("-number")  # type: ignore[attr-defined]
        self.fields["into"].label_from_instance = lambda i: f"{i} {i.title}"  # type: ignore[attr-defined]


class ImpactForm(forms.Form):
    start = MomentField(label="Impact began")


class FilterForm(forms.Form):
    """Narrowing the list; `from` and `to` are days of the team's zone, both included."""

    severity = forms.TypedChoiceField(
        coerce=as_severity,
        required=False,
        empty_value=None,
        label="Severity",
        choices=[("", "Every severity"), *Severity.choices],
    )
    service = forms.ModelChoiceField(
        Service.objects.all(),
        required=False,
        label="Service",
        to_field_name="slug",
        empty_label="Every service",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("from", "From"), ("to", "To")):
            self.fields[name] = DayField(required=False, label=label)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if isinstance(first, date) and isinstance(last, date) and first > last:
            self.add_error("to", "The last day lies before the first.")
        return cleaned


class RowsForm(FilterForm):
    """Narrowing the list to the rows of a figure too: `of`, `at`, and moments instead of days, go along unseen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = [name for name in ("of", "at") if self.data.get(name)]
        for name in given + [name for name in ("from", "to") if "T" in self.data.get(name, "")]:
            self.fields[name] = forms.CharField(max_length=80, widget=forms.HiddenInput)


class MinutesField(forms.CharField):
    """A duration in words (“5 min”, “4 h”), as whole minutes."""

    def prepare_value(self, value: Any) -> Any:
        return durations.words(timedelta(minutes=value)) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        try:
            minutes = durations.parse(super().clean(value)) // timedelta(minutes=1)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        except OverflowError:
            minutes = 0
        if not 1 <= minutes <= 525_600:
            raise ValidationError("Choose at least a minute and at most a year.")
        return minutes


class SeverityPolicyForm(forms.Form):
    title = forms.CharField(max_length=60, label="Name")
    criteria = forms.CharField(
        label="When it is one",
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        help_text="One sentence a line; shown wherever somebody chooses a severity.",
    )
    acknowledge_minutes = MinutesField(label="Acknowledge within")
    resolve_minutes = MinutesField(label="Resolve within")
    update_minutes = MinutesField(label="An update at least every")
    postmortem_required = forms.BooleanField(required=False, label="A postmortem must be written")
