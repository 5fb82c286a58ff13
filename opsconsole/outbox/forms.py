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
    field_order = ("name",)


def channel_form(transport: Transport, channel: Channel | None = None, data: Any = None) -> ConfigForm:
    """A form with the fields of both; its `config()` gives the settings of the kind."""
    combined = type("ChannelForm", (transport.form, CommonForm), {"own": tuple(transport.form.base_fields)})
    initial: dict[str, Any] = {"topics": transport.topics or list(Topic.values)}
    if channel:
        initial = {"name": channel.name, "topics": channel.topics, "user": channel.user_id, **channel.config}
    form: ConfigForm = combined(data, initial=initial)
    form.keep(channel.config if channel else {})
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
