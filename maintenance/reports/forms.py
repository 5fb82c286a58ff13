"""What people write beside a report."""

from typing import Any

from django import forms

from maintenance.reports.figures import Figure
from maintenance.reports.services import LONGEST


class CommentForm(forms.Form):
    text = forms.CharField(
        label="Your comment",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands beside the figures and changes none of them.",
        error_messages={
            "required": "Write what you want to say.",
            "max_length": f"Keep it under {LONGEST:,} characters; put longer texts into a document and link it.",
        },
    )
    figure = forms.ChoiceField(label="About", required=False)

    def __init__(self, *args: Any, figures: list[Figure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["figure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "The whole report"), *((figure.slug, figure.title) for figure in figures)]
        field.error_messages["invalid_choice"] = "Choose one of the figures of this report."
