"""What is told together."""

from typing import Any

from django import forms

from monitoring.alerts import grouping
from opsconsole.ui.fields import SpanField


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
