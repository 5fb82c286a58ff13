"""A silence."""

from datetime import timedelta

from django import forms

from opsconsole.ui.fields import SpanField


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
