"""A maintenance window."""

from datetime import timedelta
from typing import Any

from django import forms

from monitoring.alerts.models import Window
from monitoring.alerts.recurring import LAST_DAY, Repeats
from monitoring.alerts.windows import Plan
from monitoring.catalogue.models import Service
from opsconsole.lib.calendars import WEEKDAYS
from opsconsole.ui.fields import MomentField, RowsField, SpanField, ZoneField


class WindowForm(forms.Form):
    """`what` is what people want, for windows.py."""

    reason = forms.CharField(label="Why", max_length=200, help_text="E.g. Database update.")
    services = RowsField(Service.objects.order_by("name"), label="Services")
    repeats = forms.ChoiceField(
        choices=Repeats, initial=Repeats.ONCE, label="It is", widget=forms.RadioSelect
    )
    starts_at = MomentField(label="From", help_text="What recurs begins no earlier.")
    lasts = SpanField(
        least=timedelta(minutes=1),
        most=timedelta(days=30),
        label="For how long",
        initial=timedelta(hours=2),
        help_text="“2 h”, “30 min”.",
    )
    until = MomentField(required=False, label="Recurs until", help_text="Needed for what recurs.")
    wall = forms.TimeField(
        required=False, label="Begins at", help_text="For weekdays and days of the month, e.g. 02:00."
    )
    weekdays = forms.TypedMultipleChoiceField(
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        label="Weekdays",
        widget=forms.CheckboxSelectMultiple,
    )
    day = forms.TypedChoiceField(
        choices=[("", "–"), *((n, str(n)) for n in range(1, 29)), (LAST_DAY, "the last")],
        coerce=int,
        empty_value=None,
        required=False,
        label="Day of the month",
    )
    cron = forms.CharField(
        required=False, max_length=100, label="Cron expression", help_text="E.g. 0 3 * * 0"
    )
    zone = ZoneField(help_text="Whose wall clock counts.")

    @property
    def what(self) -> dict[str, Any]:
        """The cleaned values, as arguments of the services."""
        own = dict(self.cleaned_data)
        return {"reason": own.pop("reason"), "services": own.pop("services"), "plan": Plan(**own)}


def initial_of_window(window: Window) -> dict[str, Any]:
    """A window as its form shows it."""
    names = ("reason", "repeats", "starts_at", "lasts", "until", "wall", "weekdays", "day", "cron", "zone")
    return {name: getattr(window, name) for name in names} | {"services": window.services.all()}
