"""Forms of changes. Their field names are the arguments of `change_note`."""

from django import forms

from monitoring.catalogue.models import Service
from monitoring.changes.models import LONGEST_DETAILS, LONGEST_SUMMARY, LONGEST_URL, Kind
from opsconsole.ui.fields import MomentField


class ChangeForm(forms.Form):
    summary = forms.CharField(
        max_length=LONGEST_SUMMARY,
        label="What was changed?",
        help_text="As one would say it in a chat: “Checkout 4.2 is out”.",
        error_messages={"required": "Say in a few words what was changed."},
    )
    kind = forms.ChoiceField(
        choices=Kind, initial=Kind.DEPLOY, widget=forms.RadioSelect, label="What kind of change?"
    )
    service = forms.ModelChoiceField(
        Service.objects.order_by("name"), required=False, label="Service", empty_label="None, or all of them"
    )
    at = MomentField(required=False, label="When", help_text="Empty: now.")
    url = forms.URLField(
        required=False,
        max_length=LONGEST_URL,
        assume_scheme="https",
        label="Link",
        help_text="The merge request, the release, the flag.",
    )
    details = forms.CharField(
        required=False, max_length=LONGEST_DETAILS, label="Details", widget=forms.Textarea({"rows": 3})
    )


class ChangesFilter(forms.Form):
    """Narrows the list; whatever is given wrongly narrows nothing."""

    service = forms.SlugField(required=False, max_length=80)
    kind = forms.ChoiceField(choices=[("", "Every kind"), *Kind.choices], required=False)
    text = forms.CharField(required=False, max_length=100)
