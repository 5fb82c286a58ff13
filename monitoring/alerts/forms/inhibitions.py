"""What silences what."""

from typing import Any

from django import forms

from monitoring.alerts.matching import written
from monitoring.alerts.models import Inhibition


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
