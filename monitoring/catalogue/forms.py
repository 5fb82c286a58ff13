"""Forms of the catalogue."""

from typing import TYPE_CHECKING, Any

from django import forms

from monitoring.catalogue.links import Link, written
from monitoring.catalogue.links import parse as parsed_links
from monitoring.catalogue.models import Service
from monitoring.catalogue.requirements import parse as parsed_requirements
from opsconsole.accounts.models import User
from opsconsole.ui.fields import RowsField
from opsconsole.ui.forms import refused

if TYPE_CHECKING:
    ServiceModelForm = forms.ModelForm[Service]
else:
    ServiceModelForm = forms.ModelForm


class ServiceForm(ServiceModelForm):
    """A service. The view hands the cleaned values to the service functions; nothing is saved from here."""

    runbook_url = forms.URLField(
        label="Runbook",
        required=False,
        assume_scheme="https",
        help_text="Where it is written what to do when it fails. It stands beside every incident.",
    )

    links = forms.CharField(
        label="Logs, dashboards, traces",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
        help_text="One a line: a title, then the address. {from} and {to} in it become the time in question; {from_s}, {from_ms} "
        "and the like are seconds and milliseconds since 1970.",
    )
    requirements = forms.CharField(
        label="Requirements it fulfils",
        required=False,
        max_length=2000,
        help_text="By their ids, such as REQ-012, NFR-4.",
    )

    field_order = (
        "name", "tier", "owner", "description", "runbook_url", "links", "requirements", "uptime_target", "depends_on",
    )  # fmt: skip

    class Meta:
        model = Service
        fields = ("name", "tier", "owner", "description", "runbook_url", "uptime_target", "depends_on")
        labels = {"uptime_target": "Uptime target, % a month", "tier": "How much hangs on it"}
        help_texts = {
            "name": "As people here call it, e.g. Payments.",
            "tier": "Decides how urgent an incident is; of the first kind a postmortem is drafted by itself.",
            "owner": "Who answers for it.",
            "uptime_target": "99.9 allows 43 minutes of outage in a month of 30 days.",
            "depends_on": "When one of these fails, this one is expected to suffer.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        field_classes = {"depends_on": RowsField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["uptime_target"] = self.instance.target
        self.initial["links"] = written(self.instance.links)
        self.initial["requirements"] = ", ".join(self.instance.requirements)
        self.fields["owner"].queryset = User.objects.filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["owner"].empty_label = "Nobody yet"  # type: ignore[attr-defined]
        others = Service.objects.order_by("name")
        self.fields["depends_on"].queryset = others.exclude(pk=self.instance.pk)  # type: ignore[attr-defined]
        self.fields["depends_on"].label_from_instance = str  # type: ignore[attr-defined]

    def clean_links(self) -> list[Link]:
        with refused():
            return parsed_links(self.cleaned_data["links"])

    def clean_requirements(self) -> list[str]:
        with refused():
            return parsed_requirements(self.cleaned_data["requirements"])

    @property
    def advanced(self) -> list[forms.BoundField]:
        """What one can leave as it is."""
        return [self[name] for name in self.fields if name not in ("name", "tier")]

    @property
    def advanced_open(self) -> bool:
        """An error must not hide in a fold."""
        return any(bound.errors for bound in self.advanced)
