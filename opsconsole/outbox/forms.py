"""The form of a channel: what all have in common, and the settings of its kind."""

from typing import Any

from django import forms

from opsconsole.accounts.models import User
from opsconsole.outbox.models import Channel, DeliveryStatus, Topic
from opsconsole.outbox.transports.base import ConfigForm, Transport


class CommonForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=80,
        widget=forms.TextInput({"placeholder": "Ops team", "autocomplete": "off"}),
    )
    topics = forms.MultipleChoiceField(
        label="What it is told",
        choices=Topic.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one; to silence a channel, switch it off."},
    )
    user = forms.ModelChoiceField(
        label="Whose it is",
        queryset=User.objects.filter(is_active=True),
        required=False,
        empty_label="Nobody’s in particular",
        help_text="Acknowledging from a link that it got then counts as this person’s.",
    )
    fallback = forms.ModelChoiceField(
        label="If it fails",
        queryset=Channel.objects.all(),
        required=False,
        empty_label="Keep trying, and nothing else",
        help_text="This channel gets the message as well when the one here is closed, or does not take it.",
    )
    fallback_after = forms.IntegerField(
        label="After how many failed attempts",
        min_value=1,
        max_value=9,
        required=False,
        initial=3,
        help_text="3 is after about five minutes.",
    )
    field_order = ("name",)

    def clean_fallback_after(self) -> int:
        return self.cleaned_data["fallback_after"] or 3


def channel_form(transport: Transport, channel: Channel | None = None, data: Any = None) -> ConfigForm:
    """A form with the fields of both; its `config()` gives the settings of the kind."""
    combined = type("ChannelForm", (transport.form, CommonForm), {"own": tuple(transport.form.base_fields)})
    initial: dict[str, Any] = {"topics": transport.topics or list(Topic.values)}
    if channel:
        initial = {
            name: getattr(channel, name) for name in ("name", "topics", "user", "fallback", "fallback_after")
        }
        initial |= channel.config
    form: ConfigForm = combined(data, initial=initial)
    form.keep(channel.config if channel else {})
    others = Channel.objects.exclude(pk=channel.pk) if channel else Channel.objects.all()
    if not others:  # nothing to choose among
        del form.fields["fallback"], form.fields["fallback_after"]
    else:
        form.fields["fallback"].queryset = others  # type: ignore[attr-defined]
    form.order_fields(["name", *transport.form.base_fields])
    return form


THROTTLED = ("throttled", "Throttled")


class DeliveriesFilter(forms.Form):
    """Narrows the deliveries; whatever is given wrongly narrows nothing."""

    status = forms.ChoiceField(
        choices=[("", "Every state"), *DeliveryStatus.choices, THROTTLED], required=False
    )
    channel = forms.CharField(required=False, max_length=20)
    about = forms.CharField(required=False, max_length=250)
