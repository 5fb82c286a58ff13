"""What managers say to a template and its items."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from maintenance.checklists.bindings import options
from maintenance.checklists.models import Item, Template, every_month, every_weekday
from maintenance.checklists.states import AnswerKind, ItemKind
from maintenance.checklists.words import MONTHS, WEEKDAYS
from opsconsole.measures.registry import measures
from opsconsole.ui.fields import ZoneField

if TYPE_CHECKING:
    TemplateModelForm = forms.ModelForm[Template]
    ItemModelForm = forms.ModelForm[Item]
else:
    TemplateModelForm = ItemModelForm = forms.ModelForm


class TemplateForm(TemplateModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        label="Weekdays",
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        initial=every_weekday,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one weekday."},
    )
    ordinal = forms.TypedChoiceField(
        label="Which of the month",
        coerce=int,
        choices=[
            (0, "Each one"),
            (1, "The first"),
            (2, "The second"),
            (3, "The third"),
            (4, "The fourth"),
            (-1, "The last"),
        ],
        initial=0,
    )
    months = forms.TypedMultipleChoiceField(
        label="Months",
        coerce=int,
        choices=list(enumerate(MONTHS, 1)),
        initial=every_month,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one month."},
    )
    zone_name = ZoneField(required=False, help_text="Empty: the team's zone.")

    class Meta:
        model = Template
        fields = (
            "name",
            "description",
            "wall",
            "zone_name",
            "weekdays",
            "ordinal",
            "months",
            "owner_role",
            "expected_minutes",
            "deadline_minutes",
        )
        labels = {
            "wall": "Time of day",
            "owner_role": "Signed off by",
            "expected_minutes": "Minutes it takes",
            "deadline_minutes": "Minutes until it is missed",
        }
        help_texts = {
            "owner_role": "This role and those above it.",
            "deadline_minutes": "Counted from when it is due.",
        }
        widgets = {
            "wall": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "description": forms.Textarea(attrs={"rows": 2}),
        }

    def clean_expected_minutes(self) -> int:
        minutes: int = self.cleaned_data["expected_minutes"]
        if not 1 <= minutes <= 24 * 60:
            raise ValidationError("Give between 1 minute and a day (1440 minutes).")
        return minutes

    def clean_deadline_minutes(self) -> int:
        return _up_to_a_month(self.cleaned_data["deadline_minutes"])


class ItemForm(ItemModelForm):
    """`kind` follows from what the item is bound to."""

    binding = forms.ChoiceField(label="Answered by", required=False)
    choices = forms.CharField(
        label="Choices",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line; the first is the one that is wanted.",
    )
    better = forms.ChoiceField(
        label="Better is",
        required=False,
        choices=[("", "No rule of its own"), ("higher", "Higher"), ("lower", "Lower")],
    )

    class Meta:
        model = Item
        fields = (
            "section",
            "question",
            "help",
            "binding",
            "answer_kind",
            "choices",
            "unit",
            "better",
            "target",
            "limit",
            "freshness_minutes",
            "window_hours",
        )
        labels = {
            "help": "How to find out",
            "answer_kind": "A person gives",
            "freshness_minutes": "Minutes an answer stays fresh",
            "window_hours": "Hours a measure looks back",
        }
        help_texts = {
            "freshness_minutes": "An older answer counts as not verified.",
            "window_hours": "",
            "target": "What is wanted.",
            "limit": "Beyond it is bad; between target and limit one should look.",
        }
        widgets = {"help": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["binding"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _bindings(self.instance.binding)
        self.initial["choices"] = "\n".join(self.instance.choices)

    def clean_choices(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        return [line for line in lines if line]

    def clean_freshness_minutes(self) -> int:
        return _up_to_a_month(self.cleaned_data["freshness_minutes"])

    def clean_window_hours(self) -> int:
        hours: int = self.cleaned_data["window_hours"]
        if not 1 <= hours <= 24 * 366:
            raise ValidationError("Give between 1 hour and 366 days (8784 hours).")
        return hours

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if data.get("answer_kind") == AnswerKind.CHOICE and len(data.get("choices") or []) < 2:
            self.add_error("choices", "Write at least two choices, one a line.")
        if bool(data.get("better")) != (data.get("target") is not None):
            self.add_error(
                "target", "A rule is both: say whether higher or lower is better, and give the target."
            )
        elif data.get("limit") is not None and not _in_order(data):
            self.add_error(
                "limit", "The limit lies beyond the target: lower when higher is better, and the other way."
            )
        data["kind"] = _kind(data.get("binding", ""))
        return data


def _up_to_a_month(minutes: int) -> int:
    if not 1 <= minutes <= 60 * 24 * 31:
        raise ValidationError("Give between 1 minute and 31 days (44640 minutes).")
    return minutes


def _in_order(data: dict[str, Any]) -> bool:
    if data["target"] is None:
        return False
    better: bool = data["better"] == "higher"
    return bool(data["limit"] <= data["target"] if better else data["limit"] >= data["target"])


def _kind(binding: str) -> str:
    if not binding:
        return ItemKind.MANUAL
    return ItemKind.MEASURE if binding in measures else ItemKind.CHECK


def _bindings(present: str) -> list[Any]:
    """All that can answer, and what the item is bound to now even if this console does not know it."""
    groups: list[Any] = [("", "A person"), *options()]
    known = {slug for _, group in options() for slug, _ in group}
    return groups if not present or present in known else [*groups, (present, f"{present} (not known here)")]
